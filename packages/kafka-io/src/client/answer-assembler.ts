import { KafkaIoError } from '../errors.js'
import type { AnswerBuffers } from './answer-buffers.js'

/** Bytes of the length that every answer begins with. */
const lengthSize = 4
/** No broker sends more, but something else, such as a web server, may seem to. */
const greatestLength = 1024 * 1024 * 1024
const chunkSize = 64 * 1024

/**
 * Assembles the responses that a socket reads: a large one is read straight into the buffer in which it is handed over.
 * kafkajs concatenates all chunks of a response again for every chunk that arrives.
 */
export class AnswerAssembler {
  readonly #buffers: AnswerBuffers
  readonly #onAnswer: (answer: Buffer) => void
  /** What is read between answers. */
  readonly #chunk = Buffer.allocUnsafeSlow(chunkSize)
  /** Of these bytes of the chunk nothing is handed over yet. */
  #waiting = 0
  /** The answer that is being read into its own buffer. */
  #answer: Buffer | null = null
  #filled = 0

  /** @param onAnswer takes each whole answer, its length in front; small ones lie in a copy of their own */
  constructor(buffers: AnswerBuffers, onAnswer: (answer: Buffer) => void) {
    this.#buffers = buffers
    this.#onAnswer = onAnswer
  }

  /** Where to read the next bytes to. */
  get space(): Uint8Array {
    return this.#answer === null ? this.#chunk.subarray(this.#waiting) : this.#answer.subarray(this.#filled)
  }

  /**
   * So many bytes were read to the space.
   *
   * @throws `request-failed` where they are no answers of a broker
   */
  take(bytes: number): void {
    const answer = this.#answer
    if (answer === null) {
      this.#waiting += bytes
      this.#cut()
      return
    }
    this.#filled += bytes
    if (this.#filled < answer.length) return
    this.#answer = null
    this.#onAnswer(answer)
  }

  #cut(): void {
    const chunk = this.#chunk
    const end = this.#waiting
    let at = 0
    while (end - at >= lengthSize) {
      const length = lengthSize + chunk.readInt32BE(at)
      if (length < lengthSize || length > greatestLength) {
        throw new KafkaIoError(
          'request-failed',
          `Expected the response of a Kafka broker, found one of ${length - lengthSize} bytes: check that the port belongs to a broker`,
        )
      }
      if (at + length > end) {
        // The rest of it shall be read where its beginning is.
        this.#answer = this.#buffers.take(length)
        this.#filled = chunk.copy(this.#answer, 0, at, end)
        this.#waiting = 0
        return
      }
      this.#onAnswer(Buffer.from(chunk.subarray(at, at + length)))
      at += length
    }
    chunk.copyWithin(0, at, end)
    this.#waiting = end - at
  }
}
