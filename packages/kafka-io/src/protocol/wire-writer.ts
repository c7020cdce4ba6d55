/**
 * Writes the flexible encoding of Kafka's protocol (KIP-482), big endian: compact strings, bytes and arrays carry their
 * length plus one as an unsigned varint, 0 for null; every structure ends with its tagged fields, of which we send none.
 */
export class WireWriter {
  #bytes: Buffer
  #length = 0

  /** @param capacity bytes to start with; it grows as needed */
  constructor(capacity = 256) {
    this.#bytes = Buffer.allocUnsafe(capacity)
  }

  /** What has been written; valid until the next write. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  int8(value: number): this {
    this.#reserve(1)
    this.#length = this.#bytes.writeInt8(value, this.#length)
    return this
  }

  int16(value: number): this {
    this.#reserve(2)
    this.#length = this.#bytes.writeInt16BE(value, this.#length)
    return this
  }

  int32(value: number): this {
    this.#reserve(4)
    this.#length = this.#bytes.writeInt32BE(value, this.#length)
    return this
  }

  int64(value: bigint): this {
    this.#reserve(8)
    this.#length = this.#bytes.writeBigInt64BE(value, this.#length)
    return this
  }

  boolean(value: boolean): this {
    return this.int8(value ? 1 : 0)
  }

  /** @param value an unsigned 32-bit number */
  unsignedVarint(value: number): this {
    this.#reserve(5)
    let left = value >>> 0
    while (left > 127) {
      this.#bytes[this.#length++] = (left & 127) | 128
      left >>>= 7
    }
    this.#bytes[this.#length++] = left
    return this
  }

  compactString(value: string | null): this {
    if (value === null) return this.unsignedVarint(0)
    const length = Buffer.byteLength(value)
    this.unsignedVarint(length + 1)
    this.#reserve(length)
    this.#length += this.#bytes.write(value, this.#length)
    return this
  }

  /** @param id 32 hexadecimal digits */
  uuid(id: string): this {
    this.#reserve(16)
    this.#length += this.#bytes.write(id, this.#length, 'hex')
    return this
  }

  compactBytes(value: Uint8Array): this {
    this.unsignedVarint(value.length + 1)
    this.#reserve(value.length)
    this.#bytes.set(value, this.#length)
    this.#length += value.length
    return this
  }

  compactArray<T>(values: readonly T[], write: (value: T) => void): this {
    this.unsignedVarint(values.length + 1)
    for (const value of values) write(value)
    return this
  }

  noTaggedFields(): this {
    return this.unsignedVarint(0)
  }

  #reserve(size: number): void {
    const needed = this.#length + size
    if (needed <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length))
    larger.set(this.bytes)
    this.#bytes = larger
  }
}
