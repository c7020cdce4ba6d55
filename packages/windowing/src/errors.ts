/** The closed list of reasons a call to @card/windowing is refused. */
export type WindowingErrorCode =
  | 'bad-option'
  | 'unknown-partition'
  | 'panes-due'
  | 'bad-snapshot'
  | 'settings-differ'

/** The one error class of @card/windowing: `code` is stable, the message says what was expected, what was found and what to do. */
export class WindowingError extends Error {
  override readonly name = 'WindowingError'
  readonly code: WindowingErrorCode

  constructor(code: WindowingErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
