import { KafkaIoError } from '../errors.js'

/** A buffer that decompression writes into: it grows on demand up to a bound, and is reused between batches. */
export class GrowingBytes {
  bytes: Uint8Array
  readonly limit: number

  constructor(limit: number, initial = 64 * 1024) {
    this.limit = limit
    this.bytes = new Uint8Array(Math.min(initial, limit))
  }

  /**
   * Makes room for `length` bytes in all, keeping the first `keep`.
   *
   * @returns the buffer, which may be a new one
   * @throws `batch-too-large` beyond the bound
   */
  reserve(length: number, keep: number): Uint8Array {
    if (length <= this.bytes.length) return this.bytes
    if (length > this.limit) throw tooLarge(this.limit)
    const grown = new Uint8Array(Math.min(this.limit, Math.max(length, this.bytes.length * 2)))
    grown.set(this.bytes.subarray(0, keep))
    this.bytes = grown
    return grown
  }
}

export function tooLarge(limit: number): KafkaIoError {
  return new KafkaIoError(
    'batch-too-large',
    `A record batch grows beyond ${limit} bytes when decompressed: raise the limit if such batches are meant, ` +
      'else look for who wrote it',
  )
}
