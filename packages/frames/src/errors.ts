/**
 * The closed list of reasons a call to @card/frames is refused:
 * `bad-option` an option is unknown, of the wrong type or out of its range; `bad-argument` an argument of a method is of
 * the wrong type; `not-drained` bytes were offered before `next()` had handed over the rows of those already there;
 * `bad-commit` more bytes were committed than were reserved; `corrupt-records` a batch of records cannot be read;
 * `not-lines` lines were offered to a reader of records, whose options name what lines do not have.
 */
export type FramesErrorCode =
  | 'bad-option'
  | 'bad-argument'
  | 'not-drained'
  | 'not-lines'
  | 'bad-commit'
  | 'corrupt-records'

/** The one error class of @card/frames: `code` is stable, the message says what was expected, what was found and what to do. */
export class FramesError extends Error {
  override readonly name = 'FramesError'
  readonly code: FramesErrorCode

  constructor(code: FramesErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
