/** Smaller responses are not worth a buffer. */
const smallest = 64 * 1024
/** Buffers are made in these steps, so that answers of about one size can share them. */
const step = 256 * 1024
/** Unused buffers that are kept. */
const keptBuffers = 4

/**
 * Reusable buffers for large responses. A new one for each would cost more than reading into it: the system has to clear
 * its pages, and the garbage collector has to free them.
 */
export class AnswerBuffers {
  readonly #free: Buffer[] = []
  /** Unused ones of more bytes are left to the garbage collector: an answer may be as large as a batch. */
  readonly #largestKept: number

  constructor(largestKept: number) {
    this.#largestKept = largestKept
  }

  /** A buffer of `length` bytes with arbitrary content. */
  take(length: number): Buffer {
    if (length < smallest) return Buffer.allocUnsafe(length)
    const at = this.#free.findIndex((buffer) => buffer.length >= length)
    const whole = at < 0 ? newBuffer(length) : this.#free.splice(at, 1)[0]!
    return whole.subarray(0, length)
  }

  /** Returns a buffer that was taken; nothing may read it, or a part of it, any more. */
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
