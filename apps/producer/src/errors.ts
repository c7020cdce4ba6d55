/** The closed list of reasons the producer ends with anything but 0. */
export type ProducerErrorCode = 'usage' | 'input-failed' | 'output-failed' | 'truth-failed'

/** The one error class of the producer: `code` is stable, the message has one line per problem. */
export class ProducerError extends Error {
  override readonly name = 'ProducerError'
  readonly code: ProducerErrorCode

  constructor(code: ProducerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The reader of our output has gone (`| head`): not a failure, the command ends quietly with 0. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed'
}
