/** A request's body in the form that kafkajs sends. */
export interface RequestBody {
  readonly buf: Buffer
  readonly buffer: Buffer
}

/**
 * Writes the body of a request in a flexible version (KIP-482): compact lengths, tagged fields. It begins with the
 * tagged fields of the header, version 2, since kafkajs writes headers of version 1, which end just before them.
 */
export class RequestWriter {
  #bytes = Buffer.allocUnsafe(512)
  #end = 0

  constructor() {
    this.tags()
  }

  int8(value: number): this {
    this.#end = this.#room(1).writeInt8(value, this.#end)
    return this
  }

  int32(value: number): this {
    this.#end = this.#room(4).writeInt32BE(value, this.#end)
    return this
  }

  /** A whole number up to 2^53, as a signed 64-bit one. */
  int64(value: number): this {
    this.#end = this.#room(8).writeBigInt64BE(BigInt(value), this.#end)
    return this
  }

  uvarint(value: number): this {
    this.#room(5)
    let rest = value
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.#bytes[this.#end++] = (rest & 127) | 128
    this.#bytes[this.#end++] = rest
    return this
  }

  string(text: string): this {
    const length = Buffer.byteLength(text)
    this.uvarint(length + 1)
    this.#end += this.#room(length).write(text, this.#end)
    return this
  }

  /** @param id 32 hexadecimal digits */
  uuid(id: string): this {
    this.#end += this.#room(16).write(id, this.#end, 'hex')
    return this
  }

  /** An array's length, then each item by `write`. */
  array<T>(items: readonly T[], write: (item: T) => void): this {
    this.uvarint(items.length + 1)
    for (const item of items) write(item)
    return this
  }

  nullArray(): this {
    return this.uvarint(0)
  }

  /** No tagged fields. */
  tags(): this {
    return this.uvarint(0)
  }

  get body(): RequestBody {
    const buffer = this.#bytes.subarray(0, this.#end)
    return { buf: buffer, buffer }
  }

  #room(bytes: number): Buffer {
    if (this.#end + bytes > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(2 * (this.#end + bytes))
      this.#bytes.copy(grown, 0, 0, this.#end)
      this.#bytes = grown
    }
    return this.#bytes
  }
}
