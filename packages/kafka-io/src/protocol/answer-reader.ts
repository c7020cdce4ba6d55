/**
 * Reads an answer in a flexible version (KIP-482), from the tagged fields of its header on. Reading past the end throws
 * a RangeError.
 */
export class AnswerReader {
  readonly bytes: Uint8Array
  readonly view: DataView
  at = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.tags()
  }

  int8(): number {
    return this.view.getInt8(this.at++)
  }

  int16(): number {
    this.at += 2
    return this.view.getInt16(this.at - 2)
  }

  int32(): number {
    this.at += 4
    return this.view.getInt32(this.at - 4)
  }

  /** A signed 64-bit number as a double, exact up to 2^53. */
  int64(): number {
    this.at += 8
    return this.view.getInt32(this.at - 8) * 4294967296 + this.view.getUint32(this.at - 4)
  }

  bigInt64(): bigint {
    this.at += 8
    return this.view.getBigInt64(this.at - 8)
  }

  uvarint(): number {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = this.view.getUint8(this.at++)
      value += (byte & 127) * factor
      if (byte < 128) return value
    }
  }

  string(): string | null {
    const length = this.uvarint() - 1
    if (length < 0) return null
    const start = this.skip(length)
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + start, length).toString()
  }

  /** 32 hexadecimal digits. */
  uuid(): string {
    const start = this.skip(16)
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + start, 16).toString('hex')
  }

  array<T>(read: () => T): T[] {
    const items: T[] = []
    for (let left = this.uvarint() - 1; left > 0; left--) items.push(read())
    return items
  }

  /** Skips bytes. @returns where they begin */
  skip(bytes: number): number {
    const start = this.at
    this.at += bytes
    if (this.at > this.bytes.length) throw new RangeError('the answer ends early')
    return start
  }

  /** Skips tagged fields: nothing that is read here needs one. */
  tags(): void {
    for (let left = this.uvarint(); left > 0; left--) {
      this.uvarint()
      this.skip(this.uvarint())
    }
  }
}
