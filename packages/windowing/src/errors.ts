/** The closed list of reasons a call to @card/windowing is refused. */
export type WindowingErrorCode =
  /** Options that are unknown, of the wrong type or out of range; the message lists every problem. */
  | 'bad-option'
  /** A wrong argument of a call; the message says which. */
  | 'bad-argument'
  /** A partition that was not added, or was removed. */
  | 'unknown-partition'
  /** Panes are due: take them with `takePanes` before this call. */
  | 'panes-due'
  /** A snapshot of another format or version, or for an engine that is not new. */
  | 'bad-snapshot'
  /** A snapshot of an engine with another base size, zone or modes. */
  | 'settings-differ'
  /** The engine changed before a snapshot of changes was read to its end, or one is neither acknowledged nor abandoned. */
  | 'snapshot-open'
  /** Changes were requested but are not tracked: the engine was created without `trackChanges`. */
  | 'not-tracked'

/** The one error class of @card/windowing: `code` is stable, the message says what was expected, what was found and what to do. */
export class WindowingError extends Error {
  override readonly name = 'WindowingError'
  readonly code: WindowingErrorCode

  constructor(code: WindowingErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
