/** Room for new bytes beside the longest line that may have to wait for its end. */
const chunkRoom = 1 << 20

/**
 * The bytes that a buffer for lines of up to `maxLine` bytes needs: a line's CR and the byte that shows that it
 * is too long beside the line, the room for new bytes, and one for the sentinel.
 */
export function lineBufferSize(maxLine: number): number {
  return maxLine + 2 + chunkRoom + 1
}

/**
 * The bytes that are read and not yet handed over: `bytes[head, tail)`. The room is fixed, the longest line plus
 * 1 MiB (untouched pages cost nothing). Bytes move to the front only when the room behind them is used up, so a
 * line that comes in many small chunks moves at most once.
 */
export class LineBuffer {
  readonly bytes: Uint8Array
  head = 0
  tail = 0
  /** Up to here there is no LF: a line that comes in small chunks is searched once. */
  searched = 0
  /** Position in the source of `bytes[0]`; negative while later bytes belong to a newer source. */
  origin = 0
  /**
   * Where the oldest of the lines begins that were taken and must stay where they are: those up to the head, or,
   * when it lies behind the tail, up to the end of the room and then up to the head. -1: none.
   */
  kept = -1
  readonly #room: number
  #wholeEnd = 0

  /** @param bytes of at least `lineBufferSize(maxLine)` */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.#room = bytes.length - 1
  }

  /** Free space behind the tail, about `size` bytes and at least one; empty only when nothing was handed over. */
  free(size: number): Uint8Array {
    const unread = this.tail - this.head
    const left = this.#end - this.tail
    if (left < size && this.#mayMove(unread, left)) {
      this.bytes.copyWithin(0, this.head, this.tail)
      this.origin += this.head
      this.searched -= this.head
      this.#wholeEnd -= this.head
      this.head = 0
      this.tail = unread
    }
    return this.bytes.subarray(this.tail, Math.min(this.#end, this.tail + Math.max(1, size)))
  }

  /** The end of the free space behind the tail; the byte there may be overwritten by the sentinel. */
  get #end(): number {
    return this.kept > this.tail ? this.kept - 1 : this.#room
  }

  /** Whether the unread bytes may move to the front, and gain space there. */
  #mayMove(unread: number, left: number): boolean {
    if (this.kept >= 0) return this.kept <= this.head && unread + left < this.kept - 1
    return this.head > 0 && (left === 0 || unread <= this.head)
  }

  /** @param length of the free space, at most what `free` gave */
  commit(length: number): void {
    this.tail += length
  }

  /** Skips the unread bytes, which are not lines: positions in the source go on as if they were not there. */
  passBy(): void {
    this.origin -= this.tail - this.head
    this.head = this.searched = this.tail
  }

  /** The position of the next LF, `tail` if there is none. */
  newline(): number {
    // A sentinel behind the tail ends the native search there: stale bytes follow.
    this.bytes[this.tail] = 0x0a
    return this.bytes.indexOf(0x0a, this.searched)
  }

  /** The end of the last whole line, LF included; the head if there is none. Each byte is looked at once. */
  wholeLinesEnd(): number {
    if (this.searched < this.tail) {
      const last = this.bytes.subarray(this.searched, this.tail).lastIndexOf(0x0a)
      if (last >= 0) this.#wholeEnd = this.searched + last + 1
      this.searched = this.tail
    }
    return Math.max(this.#wholeEnd, this.head)
  }

  /** Whether `[from, to)` holds nothing but space, tab and CR. */
  isBlank(from: number, to: number): boolean {
    for (let i = from; i < to; i++) {
      const byte = this.bytes[i]!
      if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false
    }
    return true
  }
}
