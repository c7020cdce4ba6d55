import { CountingError } from '../errors.js'

// Of the web platform, which every runtime has; no library of types for it is loaded.
declare const TextEncoder: new () => { encode(text: string): Uint8Array }
declare const TextDecoder: new () => { decode(bytes: Uint8Array): string }

const encoder = /* @__PURE__ */ new TextEncoder()
const decoder = /* @__PURE__ */ new TextDecoder()

export function utf8(text: string): Uint8Array {
  return encoder.encode(text)
}

/** Appends numbers, texts and bytes; little endian. */
export class ByteWriter {
  length = 0
  private bytes = new Uint8Array(1024)
  private view = new DataView(this.bytes.buffer)

  u8(value: number): void {
    this.room(1)
    this.bytes[this.length++] = value
  }

  u32(value: number): void {
    this.room(4)
    this.view.setUint32(this.length, value, true)
    this.length += 4
  }

  f64(value: number): void {
    this.room(8)
    this.view.setFloat64(this.length, value, true)
    this.length += 8
  }

  /** A whole number from 0 to 2^53 - 1, seven bits a byte, the lowest first. */
  varint(value: number): void {
    this.room(8)
    let rest = value
    while (rest >= 128) {
      this.bytes[this.length++] = (rest % 128) + 128
      rest = Math.floor(rest / 128)
    }
    this.bytes[this.length++] = rest
  }

  text(text: string): void {
    this.blob(utf8(text))
  }

  /** Bytes with their length before them. */
  blob(bytes: Uint8Array): void {
    this.varint(bytes.length)
    this.raw(bytes)
  }

  raw(bytes: Uint8Array): void {
    this.room(bytes.length)
    this.bytes.set(bytes, this.length)
    this.length += bytes.length
  }

  /** What was written so far, as a view. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.length)
  }

  /** A copy of what was written. */
  take(): Uint8Array {
    return this.bytes.slice(0, this.length)
  }

  private room(more: number): void {
    if (this.length + more <= this.bytes.length) return
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more))
    larger.set(this.bytes)
    this.bytes = larger
    this.view = new DataView(larger.buffer)
  }
}

/** Reads what {@link ByteWriter} wrote. Every method throws CountingError corrupt-state at the end of the bytes. */
export class ByteReader {
  private at = 0
  private readonly view: DataView

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get left(): number {
    return this.bytes.length - this.at
  }

  u8(): number {
    return this.bytes[this.take(1)]!
  }

  u32(): number {
    return this.view.getUint32(this.take(4), true)
  }

  f64(): number {
    return this.view.getFloat64(this.take(8), true)
  }

  varint(): number {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = this.u8()
      value += (byte % 128) * factor
      if (byte < 128) return value
    }
  }

  text(): string {
    return decoder.decode(this.blob())
  }

  /** A view into the bytes. */
  blob(): Uint8Array {
    return this.raw(this.varint())
  }

  /** So many bytes, as a view. */
  raw(length: number): Uint8Array {
    const from = this.take(length)
    return this.bytes.subarray(from, from + length)
  }

  private take(length: number): number {
    if (length > this.left) {
      throw new CountingError(
        'corrupt-state',
        `Expected ${length} more bytes of state, found ${this.left}; restore from an earlier one.`,
      )
    }
    const from = this.at
    this.at += length
    return from
  }
}
