import { checkBytes, checkInteger, checkNumber, checkObject, shown } from './arguments.js'
import { type BlockSharing, checkSharing, spaceFor } from './blocks/block-sharing.js'
import { Blocks } from './blocks/blocks.js'
import { FramesError } from './errors.js'
import type { FrameColumns } from './frame/columns.js'
import { GroupTable } from './frame/group-table.js'
import { checkOptions, type FrameOptions } from './frame/options.js'
import { LineKind, LineSplitter } from './lines/line-splitter.js'
import { checkRecords } from './records/check-records.js'
import { checkParts, noRecord, type RecordParts } from './records/given-parts.js'
import { RecordIntake } from './records/record-intake.js'
import type { FrameRecords } from './records/record-walk.js'
import { ValueIntake } from './records/value-intake.js'
import { type FrameSums, RowWriter } from './scanner/row-writer.js'
import type { NoScanner } from './scanner/scanner-space.js'

/**
 * Reads sources of JSON lines (files, streams) into columns, in chunks of any size cut anywhere:
 *
 * ```
 * const space = reader.reserve(65536)          // or: taken = reader.write(chunk)
 * reader.commit(readInto(space))
 * while (reader.next()) handOver(reader.columns)
 * ```
 *
 * and after the last chunk `reader.endOfSource()` and the `while` loop again. Between `reserve` and its `commit`
 * no other method may be called. The memory of the reader is bounded by the longest line, 1 MiB, a batch and the groups.
 */
export class FrameReader {
  readonly columns: FrameColumns
  /** For rows of `pushRecords`: the time of the record, ms since the epoch, -1 if it has none. */
  readonly recordTime: Float64Array
  readonly groups = new GroupTable()
  /** Lines or records for several threads to scan; null unless `sharing` was given and the engine has shared memory and SIMD. */
  readonly blocks: Blocks | null = null
  /** Why JSON.parse judges every line; null: the scanner is used. */
  readonly noScanner: NoScanner | null
  readonly #splitter: LineSplitter
  readonly #rows: RowWriter
  readonly #values: ValueIntake
  readonly #records: RecordIntake
  readonly #sums: FrameSums
  /** Bytes that the last `reserve` gave and no `commit` has filled. */
  #reserved = 0

  /**
   * @param sharing scan blocks of lines on several threads; each holds a little more than 256 KiB
   * @throws {FramesError} `bad-option`, naming every option that is wrong, missing or unknown
   */
  constructor(options: FrameOptions, sharing: BlockSharing | null = null) {
    checkOptions(options)
    if (sharing !== null) checkSharing(sharing)
    const capacity = options.rows ?? 4096
    const found = options.simd === false ? 'disabled' : spaceFor(options, capacity, sharing)
    const space = typeof found === 'string' ? null : found
    this.noScanner = typeof found === 'string' ? found : null
    this.#rows = new RowWriter(options, capacity, space, this.groups)
    this.#values = new ValueIntake(this.#rows)
    this.#records = new RecordIntake(this.#rows, this.#values)
    this.#sums = this.#rows.sums
    this.columns = this.#rows.columns
    this.recordTime = this.#rows.recordTime
    this.#splitter = new LineSplitter(this.#rows.buffer, options.maxLine)
    if (space !== null && space.layout.batches.length > 1) {
      const { sums } = this.#rows
      this.blocks = new Blocks(space, this.#rows.scanner!, this.#splitter, this.groups, (block, example) => {
        sums.lines += block.rows + block.blank
        sums.blank += block.blank
        sums.parsed += block.parsed
        sums.valueBytes += block.valueBytes
        this.#rows.keepExample(example)
      })
    }
  }

  /** Lines taken so far, blank and rejected ones included; values count as lines. */
  get lines(): number {
    return this.#sums.lines
  }

  /** How many of the lines were blank: nothing but space, tab and CR. They have no row. */
  get blank(): number {
    return this.#sums.blank
  }

  /** Bytes taken so far, line ends and byte order marks included; a line waiting for its end is not. */
  get totalBytes(): number {
    return this.#splitter.totalBytes + this.#sums.valueBytes
  }

  /** Whether the SIMD scanner is used; otherwise JSON.parse judges every line. */
  get scanning(): boolean {
    return this.noScanner === null
  }

  /** How many lines JSON.parse has judged: those that the scanner could not decide, or all. */
  get fallbacks(): number {
    return this.#sums.parsed
  }

  /** The first line that the scanner left to JSON.parse, at most 200 bytes of it; null if there is none, or no scanner. */
  get fallbackExample(): Uint8Array | null {
    return this.#rows.fallbackExample
  }

  /** Bytes that were taken and are not yet rows, a block or blank lines: an unfinished line, for example. */
  get unread(): number {
    const { head, tail } = this.#splitter.buffer
    return tail - head
  }

  /** What the columns `start` and `length` point into; valid until the next call of a method of the reader. */
  get bytes(): Uint8Array {
    return this.#splitter.buffer.bytes
  }

  /**
   * Free space to read the source into without a copy: at least one byte, about `size` bytes (do not rely on more than
   * 1 MiB).
   *
   * @throws {FramesError} `bad-argument`; `not-drained` unless `next()` has returned false since the last commit or end of
   *   source; `not-lines` where the options name parts of records
   */
  reserve(size: number): Uint8Array {
    checkInteger('reserve', 'size', size, 1)
    this.#checkLines('reserve')
    const space = this.#splitter.ending ? undefined : this.#splitter.buffer.free(size)
    if (space === undefined || space.length === 0) {
      throw new FramesError(
        'not-drained',
        'reserve: expected all rows of the bytes so far to be taken, found some waiting; call next() until it returns false',
      )
    }
    this.#reserved = space.length
    return space
  }

  /**
   * `length` bytes of the reserved space were filled.
   *
   * @throws {FramesError} `bad-commit` if less was reserved since the last commit
   */
  commit(length: number): void {
    if (!(Number.isInteger(length) && length >= 0 && length <= this.#reserved)) {
      throw new FramesError(
        'bad-commit',
        `commit: expected a whole number from 0 to the ${this.#reserved} bytes that are reserved, found ${shown(length)}; reserve space, and commit what was read into it`,
      )
    }
    this.#reserved = 0
    this.#splitter.buffer.commit(length)
  }

  /**
   * Copies bytes of the source. Returns how many bytes of the chunk were taken: fewer than all, or none, if `next()` has
   * to make room first.
   *
   * @throws {FramesError} `not-lines` where the options name parts of records
   */
  write(chunk: Uint8Array): number {
    checkBytes('write', chunk)
    this.#checkLines('write')
    let taken = 0
    while (taken < chunk.length && !this.#splitter.ending) {
      const space = this.#splitter.buffer.free(chunk.length - taken)
      if (space.length === 0) break
      const part = chunk.subarray(taken, taken + space.length)
      space.set(part)
      this.#splitter.buffer.commit(part.length)
      taken += part.length
    }
    return taken
  }

  /**
   * The source has ended: a last line without a line end is a line, and the next source starts at offset 0 and may have a
   * byte order mark. Take the last rows with `next()` until it returns false before adding bytes of the next source.
   */
  endOfSource(): void {
    this.#splitter.endOfSource()
  }

  /**
   * Fills the columns with the next rows, in the order of the lines. Returns false if there are none and more bytes are
   * needed.
   */
  next(): boolean {
    const rows = this.#rows
    this.clear()
    while (!rows.isFull) {
      if (this.#takePlainLines()) continue
      const splitter = this.#splitter
      const kind = splitter.next()
      if (kind === LineKind.none) break
      this.#sums.lines++
      if (kind === LineKind.blank) this.#sums.blank++
      else rows.add(splitter.start, splitter.end, splitter.offset, kind === LineKind.tooLong)
    }
    return this.columns.rows > 0
  }

  /** Takes whole lines in bulk. False if there are none. */
  #takePlainLines(): boolean {
    const { scanner, buffer } = this.#rows
    if (scanner === null) return false
    const to = this.#splitter.plainLinesEnd()
    if (to === buffer.head) return false
    buffer.head = this.#rows.addLines(scanner, buffer.head, to, buffer.origin)
    return true
  }

  /**
   * Appends one frame that is not a line but a separate value, such as that of a Kafka record. Whitespace (also LF) or
   * a null value count as a blank line and add no row.
   *
   * @param offset what the row's offset shall be, such as the record's position in its partition
   * @param record what `@key` and `@timestamp` stand for; default: the record has neither
   * @returns false when the value was not taken, since the batch is full: hand over the rows, then `clear()`
   * @throws {FramesError} `not-drained` while bytes of a source are waiting
   */
  pushValue(value: Uint8Array | null, offset: number, record: RecordParts = noRecord): boolean {
    if (value !== null) checkBytes('pushValue', value)
    checkNumber('pushValue', 'offset', offset)
    if (record !== noRecord) checkParts(record)
    this.#values.checkDrained('pushValue')
    return this.#values.push(value, offset, record.key, record.timestamp)
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
    checkRecords('pushRecords', records)
    return this.#records.push(records)
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
    checkObject('shareRecords', 'a reader made with `sharing`, where there is shared memory', this.blocks)
    checkRecords('shareRecords', records)
    return this.#records.share(records, this.blocks!)
  }

  #checkLines(caller: string): void {
    if (!this.#rows.readsFields) return
    throw new FramesError(
      'not-lines',
      `${caller}: expected values or records, since the options name @key, @value or @timestamp, found lines, which have none; use pushRecords or pushValue, or omit input: 'records' to read members with these names`,
    )
  }

  /** Discards the rows of the batch, so that values and records start a new one; `next()` does so itself. */
  clear(): void {
    this.columns.rows = 0
    this.#values.batchBytes = 0
  }
}
