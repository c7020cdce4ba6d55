/** The closed list of reasons a call to @card/counting is refused. */
export type CountingErrorCode =
  /** Saved or sent bytes that are cut short, changed, or do not follow those before. */
  | 'corrupt-state'
  /** Bytes that a later release has written. */
  | 'newer-format'
  /** A saved state belongs to another consumer group. */
  | 'other-group'
  /** A saved state was counted by settings that may not change. */
  | 'other-configuration'
  /** A saved state was made with another number of partitions of a state topic. */
  | 'other-partitions'

/** The one error class of @card/counting: `code` is stable, the message says what was expected, what was found and what to do. */
export class CountingError extends Error {
  override readonly name = 'CountingError'

  constructor(
    readonly code: CountingErrorCode,
    message: string,
  ) {
    super(message)
  }
}
