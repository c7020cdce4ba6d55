/** The closed list of reasons a call to @card/frames is refused. */
export type FramesErrorCode = 'bad-option'

/** The one error class of @card/frames: `code` is stable, the message says what was expected, what was found and what to do. */
export class FramesError extends Error {
  override readonly name = 'FramesError'
  readonly code: FramesErrorCode

  constructor(code: FramesErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
