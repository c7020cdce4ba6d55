import { KafkaIoError } from '../errors.js'
import { createKernel, growTo, type Kernel, roomFor } from '../wasm/kernel.js'

/** What the kernel may write beyond the end of a copy, and read beyond that of its input. */
const slack = 64

/**
 * A buffer that decompression writes into: it grows on demand up to a bound, and is reused. Several batches may lie
 * in it one behind the other; the bound is that of each.
 */
export class GrowingBytes {
  bytes: Uint8Array
  /** Where the batch that is being written begins. */
  start = 0
  readonly limit: number
  /** In whose memory the bytes lie; null: none, as the engine has no WebAssembly SIMD. */
  readonly kernel: Kernel | null
  readonly #address: number

  /** @param kernel by default a new one */
  constructor(limit: number, kernel: Kernel | null = createKernel(), initial = 64 * 1024) {
    this.limit = limit
    this.kernel = kernel
    const size = Math.min(initial, limit)
    this.#address = kernel === null ? 0 : roomFor(kernel, size + slack)
    this.bytes = kernel === null ? new Uint8Array(size) : this.#view(kernel, size)
  }

  /** The address of `bytes[0]` in the kernel's memory. */
  get address(): number {
    return this.#address
  }

  /**
   * Makes room for `length` bytes in all, keeping the first `keep`.
   *
   * @returns the buffer, which may be a new one
   * @throws `batch-too-large` beyond the bound
   */
  reserve(length: number, keep: number): Uint8Array {
    if (length <= this.bytes.length) return this.bytes
    const most = this.start + this.limit
    if (length > most) throw tooLarge(this.limit)
    const size = Math.min(most, Math.max(length, this.bytes.length * 2))
    if (this.kernel !== null) {
      growTo(this.kernel, this.#address + size + slack)
      this.bytes = this.#view(this.kernel, size)
      return this.bytes
    }
    const grown = new Uint8Array(size)
    grown.set(this.bytes.subarray(0, keep))
    this.bytes = grown
    return grown
  }

  /** Takes a whole batch. @returns its end */
  append(batch: Uint8Array): number {
    const end = this.start + batch.length
    this.reserve(end, this.start).set(batch, this.start)
    return end
  }

  /** Puts input of the kernel behind the buffer. @returns its address, which holds until the buffer grows */
  place(kernel: Kernel, input: Uint8Array): number {
    // Taken before the memory grows: a view of the old one has no length any more.
    const size = this.bytes.length
    const at = this.#address + size + slack
    const { buffer } = kernel.memory
    growTo(kernel, at + input.length + slack)
    if (kernel.memory.buffer !== buffer) this.bytes = this.#view(kernel, size)
    new Uint8Array(kernel.memory.buffer, at, input.length).set(input)
    return at
  }

  #view({ memory }: Kernel, size: number): Uint8Array {
    return new Uint8Array(memory.buffer, this.#address, size)
  }
}

export function tooLarge(limit: number): KafkaIoError {
  return new KafkaIoError(
    'batch-too-large',
    `A record batch grows beyond ${limit} bytes when decompressed: raise the limit if such batches are expected, ` +
      'otherwise check the producer that wrote it',
  )
}
