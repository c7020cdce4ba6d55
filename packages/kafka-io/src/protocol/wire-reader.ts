import { KafkaIoError } from '../errors.js'

/**
 * Reads the flexible encoding of Kafka's protocol (KIP-482), as `WireWriter` writes it.
 *
 * Every method throws KafkaIoError `request-failed` where the answer ends too soon.
 */
export class WireReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  int8(): number {
    return this.#bytes.readInt8(this.#advance(1))
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#advance(2))
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#advance(4))
  }

  int64(): bigint {
    return this.#bytes.readBigInt64BE(this.#advance(8))
  }

  /** An unsigned varint of at most 32 bits. */
  unsignedVarint(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#bytes[this.#advance(1)]!
      value += (byte & 127) * 2 ** shift
      if (byte < 128) return value
    }
    throw new KafkaIoError(
      'request-failed',
      'The broker sent a varint of more than 32 bits: it is not a Kafka broker',
    )
  }

  compactString(): string | null {
    const length = this.unsignedVarint()
    if (length === 0) return null
    const start = this.#advance(length - 1)
    return this.#bytes.toString('utf8', start, this.#at)
  }

  /** 32 hexadecimal digits. */
  uuid(): string {
    const start = this.#advance(16)
    return this.#bytes.toString('hex', start, this.#at)
  }

  /** Passes over compact bytes; null is as none. @returns where in the answer they begin and end */
  compactBytes(): { start: number; end: number } {
    const start = this.#advance(Math.max(0, this.unsignedVarint() - 1))
    return { start, end: this.#at }
  }

  compactArray<T>(read: () => T): T[] {
    const values: T[] = []
    for (let left = this.unsignedVarint() - 1; left > 0; left--) values.push(read())
    return values
  }

  /** Passes over tagged fields, or hands each to `read` with a reader of its bytes alone. */
  taggedFields(read?: (tag: number, field: WireReader) => void): void {
    for (let left = this.unsignedVarint(); left > 0; left--) {
      const tag = this.unsignedVarint()
      const size = this.unsignedVarint()
      const start = this.#advance(size)
      read?.(tag, new WireReader(this.#bytes.subarray(start, start + size)))
    }
  }

  #advance(size: number): number {
    const start = this.#at
    if (start + size > this.#bytes.length) {
      throw new KafkaIoError(
        'request-failed',
        `The broker's response ends after ${this.#bytes.length} bytes, expected at least ${start + size}`,
      )
    }
    this.#at = start + size
    return start
  }
}
