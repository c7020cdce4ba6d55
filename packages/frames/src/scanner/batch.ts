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
  readonly sums: Float64Array
  readonly parts: Float64Array

  constructor({ layout, memory }: ScannerSpace, index: number) {
    const { columns, fallbackRows, unknownGroups, recordTimes, sums, parts } = layout.batches[index]!
    this.columns = createColumns(layout.rows, memory.buffer, columns)
    this.fallbackRows = new Uint32Array(memory.buffer, fallbackRows, layout.rows)
    this.unknownGroups = new Uint32Array(memory.buffer, unknownGroups, 3 * layout.rows)
    this.recordTime = new Float64Array(memory.buffer, recordTimes, layout.rows)
    this.sums = new Float64Array(memory.buffer, sums, blockSums)
    this.parts = new Float64Array(memory.buffer, parts, recordParts * partFields)
  }
}
