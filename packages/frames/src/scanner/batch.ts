import { createColumns, type FrameColumns } from '../frame/columns.js'
import { blockSums, partFields, recordParts } from './scanner-layout.js'
import type { ScannerSpace } from './scanner-space.js'

/** The rows of a batch in a space, and what a scanner leaves to others. */
export class Batch {
  readonly columns: FrameColumns
  readonly fallbackRows: Uint32Array
  /** Row, start and end of each group that the cache did not know, as addresses. */
  readonly unknownGroups: Uint32Array
  /** Of rows that were records: the record's time. */
  readonly recordTime: Float64Array
  /** Where the record's key begins in the scanner's bytes, and its length, -1 for none; null: keys are not wanted. */
  readonly recordKeys: Int32Array | null
  readonly sums: Float64Array
  readonly parts: Float64Array

  constructor({ layout, memory }: ScannerSpace, index: number) {
    const { columns, fallbackRows, unknownGroups, recordTimes, recordKeys, sums, parts } =
      layout.batches[index]!
    this.columns = createColumns(layout.rows, memory.buffer, columns)
    this.fallbackRows = new Uint32Array(memory.buffer, fallbackRows, layout.rows)
    this.unknownGroups = new Uint32Array(memory.buffer, unknownGroups, 3 * layout.rows)
    this.recordTime = new Float64Array(memory.buffer, recordTimes, layout.rows)
    this.recordKeys = recordKeys === 0 ? null : new Int32Array(memory.buffer, recordKeys, 2 * layout.rows)
    this.sums = new Float64Array(memory.buffer, sums, blockSums)
    this.parts = new Float64Array(memory.buffer, parts, recordParts * partFields)
  }
}
