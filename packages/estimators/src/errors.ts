/** The closed list of reasons a call to @card/estimators is refused. */
export type EstimatorErrorCode = 'bad-option'

/** The one error class of @card/estimators: `code` is stable, the message says what was expected, what was found and what to do. */
export class EstimatorError extends Error {
  override readonly name = 'EstimatorError'
  readonly code: EstimatorErrorCode

  constructor(code: EstimatorErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
