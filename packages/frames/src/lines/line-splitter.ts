import type { LineBuffer } from './line-buffer.js'

/** What `LineSplitter.next` found. */
export const LineKind = { none: 0, line: 1, blank: 2, tooLong: 3 } as const

/**
 * Cuts sources into lines, whatever chunks they come in. A line ends at LF, or with its source; a CR right before
 * the LF belongs to the end. A byte order mark at the start of a source is skipped. Of a line that is too long
 * only its first `maxLine` bytes are kept, the rest is dropped as it comes. A line of blanks is blank at any
 * length.
 */
export class LineSplitter {
  readonly buffer: LineBuffer
  /** The line found is `buffer.bytes[start, end)`, `offset` the position of its first byte in the source. */
  start = 0
  end = 0
  offset = 0
  readonly #maxLine: number
  #atStart = true
  #sourceEnded = false
  /** The line was handed over as too long, its rest is dropped. */
  #dropping = false
  /** Where the line began that is too long and all blanks so far; -1 if there is none. */
  #longBlank = -1
  #bytesBefore = 0

  constructor(buffer: LineBuffer, maxLine: number) {
    this.#maxLine = maxLine
    this.buffer = buffer
  }

  /** Bytes of all sources that have become lines, line ends or byte order marks. */
  get totalBytes(): number {
    return this.#bytesBefore + this.buffer.origin + this.buffer.head
  }

  /** Whether bytes of a source that has ended are still to be taken. */
  get ending(): boolean {
    return this.#sourceEnded
  }

  endOfSource(): void {
    this.#sourceEnded = true
    if (this.buffer.head === this.buffer.tail) this.#startSource()
  }

  /**
   * The end of the whole lines that wait and need nothing done to them, at the head if there are none. Whoever
   * takes lines from the head up to there moves the head behind them.
   */
  plainLinesEnd(): number {
    const { buffer } = this
    if (this.#atStart && !this.#passByteOrderMark()) return buffer.head
    return this.#dropping || this.#longBlank >= 0 ? buffer.head : buffer.wholeLinesEnd()
  }

  /** Finds the next line. `none`: more bytes are needed, or the source is at its end. */
  next(): number {
    const { buffer } = this
    if (this.#atStart && !this.#passByteOrderMark()) return LineKind.none
    for (;;) {
      const lf = buffer.newline()
      const unended = lf === buffer.tail
      if (unended && !this.#sourceEnded) return this.#wait()
      if (unended && buffer.head === lf) {
        this.#startSource()
        return LineKind.none
      }
      const from = buffer.head
      buffer.head = buffer.searched = unended ? lf : lf + 1
      if (this.#dropping) this.#dropping = false
      else return this.#take(from, !unended && lf > from && buffer.bytes[lf - 1] === 0x0d ? lf - 1 : lf)
    }
  }

  #take(from: number, to: number): number {
    this.#found(from, to)
    if (this.buffer.isBlank(from, to)) return LineKind.blank
    if (to - from <= this.#maxLine) return LineKind.line
    this.end = from + this.#maxLine
    return LineKind.tooLong
  }

  #found(from: number, to: number): void {
    this.start = from
    this.end = to
    this.offset = this.#longBlank >= 0 ? this.#longBlank : this.buffer.origin + from
    this.#longBlank = -1
  }

  /** The line has no end yet. Keeps no more of it than its longest prefix and what may be its CR. */
  #wait(): number {
    const { buffer } = this
    const { head, tail } = buffer
    buffer.searched = tail
    const length = tail - head
    if (this.#dropping) buffer.head = tail
    const mayFit =
      length <= this.#maxLine || (length === this.#maxLine + 1 && buffer.bytes[tail - 1] === 0x0d)
    if (this.#dropping || mayFit) return LineKind.none

    const kept = head + this.#maxLine + 1
    if (!buffer.isBlank(this.#longBlank >= 0 ? kept : head, tail)) {
      this.#found(head, head + this.#maxLine)
      this.#dropping = true
      buffer.head = tail
      return LineKind.tooLong
    }
    if (this.#longBlank < 0) this.#longBlank = buffer.origin + head
    buffer.origin += tail - kept
    buffer.tail = buffer.searched = kept
    return LineKind.none
  }

  /** False while the bytes there may be the beginning of the mark. */
  #passByteOrderMark(): boolean {
    const { bytes, head, tail } = this.buffer
    const mark = [0xef, 0xbb, 0xbf]
    const different = mark.findIndex((byte, i) => head + i >= tail || bytes[head + i] !== byte)
    if (different >= 0 && head + different >= tail && !this.#sourceEnded) return false
    if (different < 0) this.buffer.head = head + mark.length
    this.buffer.searched = this.buffer.head
    this.#atStart = false
    return true
  }

  #startSource(): void {
    const { buffer } = this
    this.#bytesBefore += buffer.origin + buffer.tail
    buffer.origin = -buffer.tail
    buffer.searched = buffer.head
    this.#atStart = true
    this.#sourceEnded = false
    this.#dropping = false
  }
}
