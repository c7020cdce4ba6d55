import { checkInteger } from '../arguments.js'
import type { FramesError } from '../errors.js'
import type { FrameColumns } from '../frame/columns.js'
import type { GroupTable } from '../frame/group-table.js'
import type { LineSplitter } from '../lines/line-splitter.js'
import { corruptRecords, type FrameRecords, type RecordRun, RecordWalk } from '../records/record-walk.js'
import type { Batch } from '../scanner/batch.js'
import type { Scanner } from '../scanner/scanner.js'
import { recordParts } from '../scanner/scanner-layout.js'
import type { ScannerSpace } from '../scanner/scanner-space.js'
import { BlockSum, blocksOf, type RowReader, rowReader, scanBlock, unknownGroup } from './block-scanner.js'
import { writePart } from './record-parts.js'

/** Room for bytes that each block adds; a record that needs more is in none. */
export const blockRoom = 256 * 1024
/** A block of records is full with this many bytes, so that one response of a broker makes several blocks. */
const recordBlock = 128 * 1024

/** What became of the lines or records of blocks. */
export interface BlockSums {
  rows: number
  blank: number
  parsed: number
  valueBytes: number
}

/** Of a part of a block: its batch, and how many of that one's records are before it. */
interface PartOrigin {
  readonly records: FrameRecords
  readonly before: number
}

/**
 * A reader's lines, or records, in blocks that several threads scan, each with a BlockScanner, while the reader's thread takes the
 * rows in the order of the lines:
 *
 * ```
 * for (let block = blocks.cut(65536); block >= 0; block = blocks.cut(65536)) tellAThread(block)
 * // and when blocks.oldest was scanned:
 * while ((columns = blocks.take()) !== null) handOver(columns)
 * ```
 *
 * How threads learn of blocks, and when one was scanned, is up to the caller. Lines that are not cut into blocks
 * come from the reader's `next()`: those at the end of a source, too long ones, what is left over. They come
 * after the blocks that were cut before.
 *
 * Records are put into blocks by the reader's `shareRecords`, and `cutRecords` takes the place of `cut`.
 */
export class Blocks {
  /** What the threads' scanners are made of; can be posted to them. */
  readonly space: ScannerSpace
  /** Blocks that were cut and not taken to their end. */
  waiting = 0
  /** The block whose rows are the next; it has a meaning while any is waiting. */
  oldest = 0
  /** Of the rows taken last, if they were records: the time of the record, ms since the epoch, -1 where it has none. */
  recordTime: Float64Array
  readonly #scanner: Scanner
  readonly #splitter: LineSplitter
  readonly #batches: readonly Batch[]
  readonly #readers: readonly RowReader[]
  readonly #onTaken: (sums: BlockSums, fallback: Uint8Array | null) => void
  readonly #starts: number[]
  /** Of the parts of blocks of records, also of the one that is being filled. */
  readonly #origins: PartOrigin[][]
  readonly #walk = new RecordWalk()
  /** Records of the block that is being filled. */
  #filled = 0
  /** The rows of the oldest block's last scan were not taken. */
  #fresh = true

  constructor(
    space: ScannerSpace,
    scanner: Scanner,
    splitter: LineSplitter,
    groups: GroupTable,
    onTaken: (sums: BlockSums, fallback: Uint8Array | null) => void,
  ) {
    this.space = space
    this.#scanner = scanner
    this.#splitter = splitter
    this.#onTaken = onTaken
    this.#batches = blocksOf(space)
    this.#readers = this.#batches.map((batch) => rowReader(space, batch, groups))
    this.#starts = this.#batches.map(() => 0)
    this.#origins = this.#batches.map(() => [])
    this.recordTime = this.#batches[0]!.recordTime
  }

  /** How many blocks there are; they are cut in turn, from 0 on. */
  get count(): number {
    return this.#batches.length
  }

  /** Whether a block has to be taken to its end before another one is cut, or before `size` bytes are reserved. */
  isFull(size: number): boolean {
    checkInteger('isFull', 'size', size, 1)
    const { count, waiting } = this
    return waiting > 0 && (waiting === count || this.#splitter.buffer.free(size).length < size)
  }

  /**
   * Cuts the whole lines that wait into a block.
   *
   * @param least do so only if they have as many bytes
   * @returns the block, -1 if there is none to be cut
   */
  cut(least: number): number {
    checkInteger('cut', 'least', least, 0)
    const { buffer } = this.#splitter
    if (this.waiting === this.count) return -1
    const to = this.#splitter.plainLinesEnd()
    const from = buffer.head
    if (to - from < Math.max(1, least)) return -1
    const block = this.#begin(from, to, 0)
    buffer.head = to
    return block
  }

  /**
   * Copies the next records of a batch into the block that is being filled, as many as it takes.
   *
   * @param from where they begin
   * @param left how many of the batch there are
   * @returns which; none if the first is too large for any block; null: the block is full, or no other is free
   */
  putRecords(records: FrameRecords, from: number, left: number): RecordRun | null {
    const { buffer } = this.#splitter
    if (this.#filled === 0 && (this.waiting === this.count || buffer.free(blockRoom).length < blockRoom)) {
      return null
    }
    const block = this.#next
    const origins = this.#origins[block]!
    const filling = buffer.tail - buffer.head
    const most = this.space.layout.rows - this.#filled
    let run = noRecords
    if (origins.length < recordParts && filling < recordBlock) {
      run = this.#walk.wholeRecords(records, from, left, recordBlock - filling, most)
    }
    if (run.count === 0 && this.#filled > 0) return null
    // A byte stays free: the scanner makes it an LF for a while, which must not be one of another block.
    if (run.count === 0) run = this.#walk.wholeRecords(records, from, Math.min(1, left), blockRoom - 1, most)
    if (run.count === 0) return run
    const to = buffer.tail + run.end - from
    buffer.bytes.set(records.bytes.subarray(from, run.end), buffer.tail)
    writePart(this.#batches[block]!, origins.length, records, { from: buffer.tail, to, count: run.count })
    origins.push({ records, before: records.count - left })
    buffer.commit(run.end - from)
    this.#filled += run.count
    return run
  }

  /** Whether a block of records is being filled, and has any. */
  get isFilling(): boolean {
    return this.#filled > 0
  }

  /**
   * Ends the block of records that is being filled.
   *
   * @returns the block, -1 if there is none
   */
  cutRecords(): number {
    if (this.#filled === 0) return -1
    const { buffer } = this.#splitter
    buffer.commit(1)
    const block = this.#begin(buffer.head, buffer.tail, this.#origins[this.#next]!.length)
    buffer.passBy()
    this.#filled = 0
    return block
  }

  /** The block to be cut next. */
  get #next(): number {
    return (this.oldest + this.waiting) % this.count
  }

  /** Cuts a block. @param parts of records; 0: it is one of lines */
  #begin(from: number, to: number, parts: number): number {
    const { buffer } = this.#splitter
    const block = this.#next
    const { sums } = this.#batches[block]!
    sums[BlockSum.from] = from
    sums[BlockSum.to] = to
    sums[BlockSum.origin] = buffer.origin
    sums[BlockSum.parts] = parts
    sums[BlockSum.valueBytes] = 0
    sums[BlockSum.damagedPart] = -1
    if (this.waiting === 0) {
      // No thread is scanning now.
      this.#scanner.forgetFreedGroups()
      buffer.kept = from
      this.#fresh = true
    }
    this.#starts[block] = from
    this.waiting++
    return block
  }

  /** Scans a block on this thread. @throws {FramesError} `bad-argument` */
  scan(block: number): void {
    checkInteger('scan', 'block', block, 0, this.count - 1)
    scanBlock(this.#scanner, this.#batches[block]!, this.#readers[block]!)
  }

  /**
   * The next rows of the oldest block, which was scanned; null when there are no more: it is free then, and another
   * one is the oldest. If its columns were too short for it, the rest is scanned by later calls.
   *
   * @throws {FramesError} `corrupt-records` when the rows before the damaged record are taken
   */
  take(): FrameColumns | null {
    const batch = this.#batches[this.oldest]!
    const { sums, columns } = batch
    if (!this.#fresh && sums[BlockSum.from] === sums[BlockSum.to]) {
      const damage = this.#damage(sums)
      this.#release()
      if (damage !== null) throw damage
      return null
    }
    if (!this.#fresh) this.scan(this.oldest)
    this.#fresh = false
    columns.rows = sums[BlockSum.rows]!
    this.recordTime = batch.recordTime
    this.#scanner.lookUpGroups(batch, sums[BlockSum.unknownGroups]!)
    if (sums[BlockSum.unknownRows]! > 0) this.#readGroups(batch)
    const parsed = sums[BlockSum.parsed]!
    this.#onTaken(
      {
        rows: columns.rows,
        blank: sums[BlockSum.blank]!,
        parsed,
        valueBytes: sums[BlockSum.valueBytes]!,
      },
      parsed > 0 ? this.#scanner.fallbackLine(batch) : null,
    )
    return columns
  }

  #damage(sums: Float64Array): FramesError | null {
    const part = sums[BlockSum.damagedPart]!
    if (part < 0) return null
    const { records, before } = this.#origins[this.oldest]![part]!
    return corruptRecords(records, before + sums[BlockSum.damagedRecord]!)
  }

  #release(): void {
    const { buffer } = this.#splitter
    this.#origins[this.oldest]!.length = 0
    this.waiting--
    this.oldest = (this.oldest + 1) % this.count
    this.#fresh = true
    buffer.kept = this.waiting === 0 ? -1 : this.#starts[this.oldest]!
  }

  /** Reads the rows again whose group was found by a thread that knows no ids. */
  #readGroups({ columns, recordKeys, recordTime }: Batch): void {
    const { rows, group, start, length } = columns
    const { parser, fields } = this.#readers[this.oldest]!
    const { bytes } = this.#scanner
    const isMember = this.space.options.groupBy !== null
    for (let row = 0; row < rows; row++) {
      if (group[row] !== unknownGroup) continue
      if (isMember) parser.parse(bytes, start[row]!, start[row]! + length[row]!, row)
      if (fields === null) continue
      fields.complete(row, bytes, bytes, recordKeys![2 * row]!, recordKeys![2 * row + 1]!, recordTime[row]!)
    }
  }
}

const noRecords: RecordRun = { end: 0, count: 0 }
