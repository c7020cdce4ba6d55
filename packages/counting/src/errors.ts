/** The closed list of reasons a call to @card/counting is refused. */
export type CountingErrorCode =
  /** Bytes of a state that are cut short, changed, of another format, or do not follow those before. */
  'corrupt-state'

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
