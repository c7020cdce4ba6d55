import { BlockSum, blocksOf, scanBlock, unknownGroup } from './block-scanner.js'
import type { FrameColumns } from './columns.js'
import type { GroupTable } from './group-table.js'
import type { LineSplitter } from './line-splitter.js'
import { FrameParser } from './parse-frame.js'
import type { Batch, Scanner, ScannerSpace } from './scanner.js'

/** What became of the lines of blocks. */
export interface BlockSums {
  rows: number
  blank: number
  parsed: number
}

/**
 * A reader's lines in blocks that several threads scan, each with a BlockScanner, while the reader's thread takes the
 * rows in the order of the lines:
 *
 * ```
 * for (let block = blocks.cut(65536); block >= 0; block = blocks.cut(65536)) tellAThread(block)
 * // and when blocks.oldest was scanned:
 * while ((columns = blocks.take()) !== null) handOver(columns)
 * ```
 *
 * How threads learn of blocks, and whether one was scanned, is their own affair. Lines that are not cut into blocks
 * come out of the reader's `next()`: those at the end of a source, too long ones, what is left over. Their place is
 * behind the blocks that were cut before.
 */
export class Blocks {
  /** What the threads' scanners are made of; can be posted to them. */
  readonly space: ScannerSpace
  /** Blocks that were cut and not taken to their end. */
  waiting = 0
  /** The block whose rows are the next; it has a meaning while any is waiting. */
  oldest = 0
  readonly #scanner: Scanner
  readonly #splitter: LineSplitter
  readonly #batches: readonly Batch[]
  readonly #parsers: readonly FrameParser[]
  readonly #onTaken: (sums: BlockSums) => void
  readonly #starts: number[]
  /** The rows of the oldest block's last scan were not taken. */
  #fresh = true

  constructor(
    space: ScannerSpace,
    scanner: Scanner,
    splitter: LineSplitter,
    groups: GroupTable,
    onTaken: (sums: BlockSums) => void,
  ) {
    this.space = space
    this.#scanner = scanner
    this.#splitter = splitter
    this.#onTaken = onTaken
    this.#batches = blocksOf(space)
    this.#parsers = this.#batches.map(({ columns }) => new FrameParser(space.options, columns, groups))
    this.#starts = this.#batches.map(() => 0)
  }

  /** How many blocks there are; they are cut in turn, from 0 on. */
  get count(): number {
    return this.#batches.length
  }

  /** Whether a block has to be taken to its end before another one is cut, or before `size` bytes are reserved. */
  isFull(size: number): boolean {
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
    const { buffer } = this.#splitter
    if (this.waiting === this.count) return -1
    const to = this.#splitter.plainLinesEnd()
    const from = buffer.head
    if (to - from < Math.max(1, least)) return -1
    const block = (this.oldest + this.waiting) % this.count
    const { sums } = this.#batches[block]!
    sums[BlockSum.from] = from
    sums[BlockSum.to] = to
    sums[BlockSum.origin] = buffer.origin
    if (this.waiting === 0) {
      // Nobody scans now.
      this.#scanner.forgetFreedGroups()
      buffer.kept = from
      this.#fresh = true
    }
    this.#starts[block] = from
    buffer.head = to
    this.waiting++
    return block
  }

  /** Scans a block on this thread. */
  scan(block: number): void {
    scanBlock(this.#scanner, this.#batches[block]!, this.#parsers[block]!)
  }

  /**
   * The next rows of the oldest block, which was scanned; null when there are no more: it is free then, and another
   * one is the oldest. If its columns were too short for it, the rest is scanned by and by.
   */
  take(): FrameColumns | null {
    const batch = this.#batches[this.oldest]!
    const { sums, columns } = batch
    if (!this.#fresh && sums[BlockSum.from] === sums[BlockSum.to]) {
      this.#release()
      return null
    }
    if (!this.#fresh) this.scan(this.oldest)
    this.#fresh = false
    columns.rows = sums[BlockSum.rows]!
    this.#scanner.lookUpGroups(batch, sums[BlockSum.unknownGroups]!)
    if (sums[BlockSum.unknownRows]! > 0) this.#parseAgain(columns)
    this.#onTaken({ rows: columns.rows, blank: sums[BlockSum.blank]!, parsed: sums[BlockSum.parsed]! })
    return columns
  }

  #release(): void {
    const { buffer } = this.#splitter
    this.waiting--
    this.oldest = (this.oldest + 1) % this.count
    this.#fresh = true
    buffer.kept = this.waiting === 0 ? -1 : this.#starts[this.oldest]!
  }

  /** Rows whose group came out of JSON.parse on a thread that knows no ids. */
  #parseAgain({ rows, group, start, length }: FrameColumns): void {
    for (let row = 0; row < rows; row++) {
      if (group[row] !== unknownGroup) continue
      this.#parsers[this.oldest]!.parse(this.#scanner.bytes, start[row]!, start[row]! + length[row]!, row)
    }
  }
}
