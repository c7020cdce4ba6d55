/** Smaller answers are not worth keeping a buffer for. */
const smallest = 64 * 1024
/** Buffers are made in these steps, so that answers of about one size can share them. */
const step = 256 * 1024
/** Unused buffers that are kept. */
const keptBuffers = 4

/**
 * Buffers for large answers, used again: a new one for each costs more than reading into it does, in pages that the
 * system has to clear and in collections of garbage.
 */
export class AnswerBuffers {
  readonly #free: Buffer[] = []
  /** Unused ones of more bytes are left to the garbage collector: an answer may be as large as a batch. */
  readonly #largestKept: number

  constructor(largestKept: number) {
    this.#largestKept = largestKept
  }

  /** A buffer of `length` bytes, with anything in it. */
  take(length: number): Buffer {
    if (length < smallest) return Buffer.allocUnsafe(length)
    const at = this.#free.findIndex((buffer) => buffer.length >= length)
    const whole = at < 0 ? newBuffer(length) : this.#free.splice(at, 1)[0]!
    return whole.subarray(0, length)
  }

  /** Nobody looks at a buffer that was taken, or at a part of it, any more. */
  giveBack({ buffer }: Uint8Array): void {
    const isOurs = buffer.byteLength >= smallest && buffer.byteLength % step === 0
    if (!isOurs || buffer.byteLength > this.#largestKept) return
    if (this.#free.some((free) => free.buffer === buffer)) return
    if (this.#free.length === keptBuffers) this.#free.shift()
    this.#free.push(Buffer.from(buffer))
  }
}

function newBuffer(length: number): Buffer {
  return Buffer.allocUnsafeSlow(Math.ceil(length / step) * step)
}
