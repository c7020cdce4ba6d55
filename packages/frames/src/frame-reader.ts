import { Blocks, blockRoom } from './blocks.js'
import { createColumns, type FrameColumns } from './columns.js'
import { FramesError } from './errors.js'
import { GroupTable } from './group-table.js'
import { LineBuffer, lineBufferSize } from './line-buffer.js'
import { LineKind, LineSplitter } from './line-splitter.js'
import { checkOptions, type FrameOptions } from './options.js'
import { FrameParser, rejectRow } from './parse-frame.js'
import { corruptRecords, type FrameRecords, RecordWalk } from './record-walk.js'
import { Batch, createSpace, Scanner } from './scanner.js'
import { FrameStatus } from './status.js'

/** Records are copied in and walked by so many bytes, which stay in the cache between the two. */
const pieceSize = 128 * 1024

/** How lines and records are shared out. */
export interface BlockSharing {
  /** Threads that scan, the reader's own among them. */
  readonly threads: number
  /** Blocks that wait to be scanned or taken at most. */
  readonly blocks: number
}

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
  /** Of rows of `pushRecords`: the time of the record, ms since the epoch, -1 where it has none. */
  readonly recordTime: Float64Array
  readonly groups = new GroupTable()
  /** Lines or records that several threads scan; null unless they were asked for and the engine has shared memory and SIMD. */
  readonly blocks: Blocks | null = null
  readonly #splitter: LineSplitter
  readonly #parser: FrameParser
  /** Null: JSON.parse judges every line. */
  readonly #scanner: Scanner | null = null
  readonly #batch: Batch | null = null
  readonly #maxLine: number
  readonly #capacity: number
  readonly #recordWalk = new RecordWalk()
  /** The batch of records that is half taken; null: none is. */
  #records: FrameRecords | null = null
  /** Where the next of them begins, and how many there are. */
  #nextRecord = 0
  #recordsLeft = 0
  #lines = 0
  #blank = 0
  #parsed = 0
  /** Bytes of values: all together; and of the batch, records whole. */
  #valueBytes = 0
  #batchBytes = 0

  /**
   * @param sharing scan blocks of lines on several threads; each holds a little more than 256 KiB
   * @throws {FramesError} `bad-option`, naming every option that is wrong
   */
  constructor(options: FrameOptions, sharing: BlockSharing | null = null) {
    checkOptions(options)
    this.#maxLine = options.maxLine
    this.#capacity = options.rows ?? 4096
    const room = lineBufferSize(options.maxLine) + (sharing === null ? 0 : sharing.blocks * blockRoom)
    const space = options.simd === false ? null : spaceFor(options, this.#capacity, room, sharing)
    if (space !== null) {
      this.#scanner = new Scanner(space, 0, this.groups)
      this.#batch = new Batch(space, 0)
    }
    this.columns = this.#batch?.columns ?? createColumns(this.#capacity)
    this.recordTime = this.#batch?.recordTime ?? new Float64Array(this.#capacity)
    const buffer = new LineBuffer(this.#scanner?.bytes ?? new Uint8Array(lineBufferSize(options.maxLine)))
    this.#splitter = new LineSplitter(buffer, options.maxLine)
    this.#parser = new FrameParser(options, this.columns, this.groups)
    if (this.#scanner !== null && space!.layout.batches.length > 1) {
      this.blocks = new Blocks(
        space!,
        this.#scanner,
        this.#splitter,
        this.groups,
        ({ rows, blank, parsed, valueBytes }) => {
          this.#lines += rows + blank
          this.#blank += blank
          this.#parsed += parsed
          this.#valueBytes += valueBytes
        },
      )
    }
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
    return this.#parsed
  }

  /** Bytes that were taken in and have become neither rows nor a block nor blank lines: they may wait for their end. */
  get unread(): number {
    const { head, tail } = this.#splitter.buffer
    return tail - head
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
    this.#checkDrained('pushValue')
    const length = value?.length ?? 0
    const kept = Math.min(length, this.#maxLine)
    const start = this.#valuesEnd()
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

  /**
   * Takes the records of a batch whose values are frames, as `pushValue` would their values, with their offsets; the
   * time of a row's record is in `recordTime`. The bytes are copied once and walked where the scanner is.
   *
   * @returns whether all are taken; else the columns are full: hand over the rows, `clear()`, and call again with the
   *   same batch, whose bytes must not change until then
   * @throws {FramesError} `corrupt-records`; `not-drained` while bytes of a source are waiting
   */
  pushRecords(records: FrameRecords): boolean {
    this.#checkDrained('pushRecords')
    if (this.#records !== records) this.#beginRecords(records)
    const all =
      this.#scanner === null ? this.#readRecords(records) : this.#walkRecords(this.#scanner, records)
    if (all) this.#records = null
    return all
  }

  /**
   * Copies records into blocks, which any thread may walk: what `pushRecords` would make of them comes out of
   * `blocks.take()`. Blocks are ended, also the last, by `blocks.cutRecords()`.
   *
   * @returns `all` are in; `full`: end the block, or take one to its end, and call again with the same batch; `rest`:
   *   the next record is too large for a block, or the batch not to be read, so take all blocks, and let `pushRecords`
   *   have what is left of the batch
   * @throws {FramesError} `not-drained` while bytes of a source are waiting
   */
  shareRecords(records: FrameRecords): 'all' | 'full' | 'rest' {
    const blocks = this.blocks!
    if (!blocks.isFilling) this.#checkDrained('shareRecords')
    if (this.#records !== records) {
      if (!isCountable(records)) return 'rest'
      this.#beginRecords(records)
    }
    while (this.#recordsLeft > 0) {
      const run = blocks.putRecords(records, this.#nextRecord, this.#recordsLeft)
      if (run === null) return 'full'
      if (run.count === 0) return 'rest'
      this.#nextRecord = run.end
      this.#recordsLeft -= run.count
    }
    this.#records = null
    return 'all'
  }

  /** Forgets the rows of the batch, so that values and records begin a new one; `next()` does it by itself. */
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
    buffer.head = scanner.scan(this.#batch!, buffer.head, to, buffer.origin, this.#parser)
    this.#parsed += scanner.parsed
    this.#lines += this.columns.rows - before + scanner.blank
    this.#blank += scanner.blank
    return true
  }

  #beginRecords(records: FrameRecords): void {
    if (!isCountable(records)) throw corruptRecords(records, 0)
    this.#records = records
    this.#nextRecord = records.start
    this.#recordsLeft = records.count
  }

  /** Copies records in, piece by piece, and walks them there. Returns whether all are taken. */
  #walkRecords(scanner: Scanner, records: FrameRecords): boolean {
    const { columns } = this
    let copied = this.#nextRecord
    // Blocks may have been scanned since the batch began.
    scanner.setBatch(records)
    while (this.#recordsLeft > 0) {
      const at = this.#valuesEnd()
      const to = at + copied - this.#nextRecord
      const piece = Math.min(records.end - copied, this.bytes.length - 1 - to, pieceSize)
      if (piece > 0) this.bytes.set(records.bytes.subarray(copied, copied + piece), to)
      copied += piece
      const before = columns.rows
      const walk = scanner.walkRecords(this.#batch!, at, to + piece, this.#recordsLeft, this.#parser)
      this.#recordsLeft -= scanner.taken
      this.#nextRecord += scanner.recordsEnd - at
      this.#batchBytes += scanner.recordsEnd - at
      this.#valueBytes += scanner.valueBytes
      this.#lines += columns.rows - before + scanner.blank
      this.#blank += scanner.blank
      this.#parsed += scanner.parsed
      if (walk === 'full') return false
      if (walk === 'damaged' || (walk === 'cut' && copied === records.end)) this.#refuseRecords(records)
      if (walk === 'cut' && piece === 0) {
        if (this.#batchBytes > 0) return false
        // Larger than all the room there is.
        this.#readRecord(records)
        copied = this.#nextRecord
      }
    }
    return true
  }

  #readRecords(records: FrameRecords): boolean {
    while (this.#recordsLeft > 0) if (!this.#readRecord(records)) return false
    return true
  }

  /** Takes one record by its value. False where the batch is full. */
  #readRecord(records: FrameRecords): boolean {
    const { columns } = this
    const walk = this.#recordWalk
    const end = walk.read(records, this.#nextRecord)
    if (end < 0) this.#refuseRecords(records)
    const { offset, valueStart: start, valueLength: length } = walk
    if (offset >= records.fromOffset && offset < records.toOffset) {
      const row = columns.rows
      const value = length < 0 ? null : records.bytes.subarray(start, start + length)
      if (!this.pushValue(value, offset)) return false
      if (columns.rows > row) this.recordTime[row] = walk.time
    }
    this.#nextRecord = end
    this.#recordsLeft--
    return true
  }

  #refuseRecords(records: FrameRecords): never {
    this.#records = null
    throw corruptRecords(records, records.count - this.#recordsLeft)
  }

  /** Where the next value's bytes go. */
  #valuesEnd(): number {
    const { buffer } = this.#splitter
    if (this.#batchBytes === 0) buffer.free(this.bytes.length)
    return buffer.tail + this.#batchBytes
  }

  #checkDrained(caller: string): void {
    const { head, tail } = this.#splitter.buffer
    if (head === tail) return
    throw new FramesError(
      'not-drained',
      `${caller}: expected no source to be half read, found ${tail - head} bytes of one; end it and take its rows first, or use a reader of its own for values`,
    )
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
      this.#scanner.scan(this.#batch!, start, end + 1, 0, this.#parser)
      this.#parsed += this.#scanner.parsed
      return
    }
    this.#parsed++
    this.#parser.parse(bytes, start, end, row)
  }
}

/** A space for several threads where there can be one, otherwise for this thread alone. */
function spaceFor(options: FrameOptions, rows: number, room: number, sharing: BlockSharing | null) {
  const shared =
    sharing === null
      ? null
      : createSpace(options, rows, room, { scanners: sharing.threads, batches: 1 + sharing.blocks })
  return shared ?? createSpace(options, rows, lineBufferSize(options.maxLine), null)
}

/** The count is a number somebody wrote. */
function isCountable({ start, end, count }: FrameRecords): boolean {
  return count >= 0 && count <= end - start
}

function isBlankValue(value: Uint8Array): boolean {
  return value.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0a)
}
