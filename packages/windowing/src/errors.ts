/** The closed list of reasons a call to @card/windowing is refused. */
export type WindowingErrorCode =
  /** Settings out of their range; the message lists every problem. */
  | 'bad-option'
  /** An argument of a call that is not what the call takes; the message says which. */
  | 'bad-argument'
  /** A partition that was not added, or was removed. */
  | 'unknown-partition'
  /** Panes are due: take them by `takePanes` before this call. */
  | 'panes-due'
  /** A snapshot of another format or version, or for an engine that is not new. */
  | 'bad-snapshot'
  /** A snapshot of an engine whose base size, zone or modes were others. */
  | 'settings-differ'
  /** The engine changed before a snapshot of changes was read to its end, or one is neither acknowledged nor abandoned. */
  | 'snapshot-open'
  /** Changes are asked for, but not tracked: the engine was made without `trackChanges`. */
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
