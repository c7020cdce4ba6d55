import { createColumns, type FrameColumns } from './columns.js'
import { FramesError } from './errors.js'
import { GroupTable } from './group-table.js'
import { LineBuffer, lineBufferSize } from './line-buffer.js'
import { LineKind, LineSplitter } from './line-splitter.js'
import { checkOptions, type FrameOptions } from './options.js'
import { FrameParser, rejectRow } from './parse-frame.js'
import { Scanner } from './scanner.js'
import { FrameStatus } from './status.js'

/**
 * Reads sources of JSON lines (files, streams) into columns, in chunks of any size cut anywhere:
 *
 * ```
 * const space = reader.reserve(65536)          // or: taken = reader.write(chunk)
 * reader.commit(readInto(space))
 * while (reader.next()) handOver(reader.columns)
 * ```
 *
 * and after the last chunk `reader.endOfSource()` and the `while` once more. Between `reserve` and its `commit`
 * no other method may be called. The reader's memory is bounded: the longest line, 1 MiB, a batch and the groups.
 */
export class FrameReader {
  readonly columns: FrameColumns
  readonly groups = new GroupTable()
  readonly #splitter: LineSplitter
  readonly #parser: FrameParser
  /** Null: JSON.parse judges every line. */
  readonly #scanner: Scanner | null
  readonly #maxLine: number
  readonly #capacity: number
  #lines = 0
  #blank = 0
  #parsed = 0
  /** Bytes that pushValue took: all together, and those of the batch. */
  #valueBytes = 0
  #batchBytes = 0

  /** @throws {FramesError} `bad-option`, naming every option that is wrong */
  constructor(options: FrameOptions) {
    checkOptions(options)
    this.#maxLine = options.maxLine
    this.#capacity = options.rows ?? 4096
    const room = lineBufferSize(options.maxLine)
    this.#scanner = options.simd === false ? null : Scanner.create(options, this.#capacity, room, this.groups)
    this.columns = this.#scanner?.columns ?? createColumns(this.#capacity)
    const buffer = new LineBuffer(this.#scanner?.bytes ?? new Uint8Array(room))
    this.#splitter = new LineSplitter(buffer, options.maxLine)
    this.#parser = new FrameParser(options, this.columns, this.groups)
  }

  /** Lines taken so far, blank and rejected ones included; values count as lines. */
  get lines(): number {
    return this.#lines
  }

  /** How many of the lines were blank: nothing but space, tab and CR. They have no row. */
  get blank(): number {
    return this.#blank
  }

  /** Bytes taken so far, line ends and byte order marks included; a line waiting for its end is not. */
  get totalBytes(): number {
    return this.#splitter.totalBytes + this.#valueBytes
  }

  /** Whether the SIMD scanner is at work; otherwise JSON.parse judges every line. */
  get scanning(): boolean {
    return this.#scanner !== null
  }

  /** How many lines JSON.parse judged so far: those of which the scanner is not sure, or all. */
  get fallbacks(): number {
    return this.#parsed + (this.#scanner?.fallbacks ?? 0)
  }

  /** What the columns `start` and `length` point into; valid until the next call of a method of the reader. */
  get bytes(): Uint8Array {
    return this.#splitter.buffer.bytes
  }

  /**
   * Free space to read the source into, so that no copy is needed: at least one byte, about `size` (at most 1 MiB
   * can be counted on).
   *
   * @throws {FramesError} `not-drained` unless `next()` has returned false since the last commit or end of source
   */
  reserve(size: number): Uint8Array {
    const space = this.#splitter.ending ? undefined : this.#splitter.buffer.free(size)
    if (space === undefined || space.length === 0) {
      throw new FramesError(
        'not-drained',
        'reserve: expected every row of the bytes so far to be taken, found some waiting; call next() until it returns false',
      )
    }
    return space
  }

  /**
   * `length` bytes of the reserved space were filled.
   *
   * @throws {FramesError} `bad-commit` if there was less space
   */
  commit(length: number): void {
    this.#splitter.buffer.commit(length)
  }

  /**
   * Copies bytes of the source in. Returns how many of the chunk were taken: fewer than all of them, or none,
   * when `next()` has to make room first.
   */
  write(chunk: Uint8Array): number {
    let taken = 0
    while (taken < chunk.length && !this.#splitter.ending) {
      const space = this.#splitter.buffer.free(chunk.length - taken)
      if (space.length === 0) break
      const part = chunk.subarray(taken, taken + space.length)
      space.set(part)
      this.commit(part.length)
      taken += part.length
    }
    return taken
  }

  /**
   * The source has ended: an unended last line is a line, the next source starts at offset 0 and may have a byte
   * order mark. Take the last rows by `next()` until false before the next source's bytes.
   */
  endOfSource(): void {
    this.#splitter.endOfSource()
  }

  /**
   * Fills the columns with the next rows, in the order of the lines. Returns false when there are none: more
   * bytes are needed.
   */
  next(): boolean {
    const { columns } = this
    this.clear()
    while (columns.rows < this.#capacity) {
      if (this.#scanner !== null && this.#scanPlainLines(this.#scanner)) continue
      const kind = this.#splitter.next()
      if (kind === LineKind.none) break
      this.#lines++
      if (kind === LineKind.blank) this.#blank++
      else
        this.#addRow(
          this.#splitter.start,
          this.#splitter.end,
          this.#splitter.offset,
          kind === LineKind.tooLong,
        )
    }
    return columns.rows > 0
  }

  /**
   * Appends one frame that is no line but a value of its own, such as a Kafka record's. Blanks, LF among them, or
   * no value at all count as a blank line and add no row.
   *
   * @param offset what the row's offset shall be, such as the record's position in its partition
   * @returns false when the value was not taken, since the batch is full: hand over the rows, then `clear()`
   * @throws {FramesError} `not-drained` while bytes of a source are waiting
   */
  pushValue(value: Uint8Array | null, offset: number): boolean {
    const { buffer } = this.#splitter
    if (buffer.head !== buffer.tail) {
      throw new FramesError(
        'not-drained',
        `pushValue: expected no source to be half read, found ${buffer.tail - buffer.head} bytes of one; end it and take its rows first, or use a reader of its own for values`,
      )
    }
    if (this.columns.rows === 0) buffer.free(this.bytes.length)
    const length = value?.length ?? 0
    const kept = Math.min(length, this.#maxLine)
    const start = buffer.tail + this.#batchBytes
    if (this.columns.rows === this.#capacity || start + kept >= this.bytes.length) return false
    this.#lines++
    this.#valueBytes += length
    if (value === null || isBlankValue(value)) {
      this.#blank++
      return true
    }
    this.bytes.set(value.subarray(0, kept), start)
    this.#batchBytes += kept
    this.#addRow(start, start + kept, offset, length > kept)
    return true
  }

  /** Forgets the rows of the batch, so that `pushValue` begins a new one; `next()` does it by itself. */
  clear(): void {
    this.columns.rows = 0
    this.#batchBytes = 0
  }

  /** Takes whole lines in bulk. False if there are none. */
  #scanPlainLines(scanner: Scanner): boolean {
    const { buffer } = this.#splitter
    const to = this.#splitter.plainLinesEnd()
    if (to === buffer.head) return false
    const before = this.columns.rows
    buffer.head = scanner.scan(buffer.head, to, buffer.origin, this.#parser)
    this.#lines += this.columns.rows - before + scanner.blank
    this.#blank += scanner.blank
    return true
  }

  #addRow(start: number, end: number, offset: number, tooLong: boolean): void {
    const { columns } = this
    const row = columns.rows++
    if (tooLong) rejectRow(columns, row, FrameStatus.tooLong)
    else this.#judge(start, end, row)
    columns.offset[row] = offset
    columns.start[row] = start
    columns.length[row] = end - start
  }

  /** One line by itself: the last of a source, or a value. */
  #judge(start: number, end: number, row: number): void {
    const { bytes, columns } = this
    // With an LF behind it, and none within, the scanner takes it as it takes any line.
    if (this.#scanner !== null && bytes.subarray(start, end).indexOf(0x0a) < 0) {
      bytes[end] = 0x0a
      columns.rows = row
      this.#scanner.scan(start, end + 1, 0, this.#parser)
      return
    }
    this.#parsed++
    this.#parser.parse(bytes, start, end, row)
  }
}

function isBlankValue(value: Uint8Array): boolean {
  return value.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0a)
}
