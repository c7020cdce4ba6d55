import type { FrameColumns } from '@card/frames'
import type { FrameBatches } from '../counting/frame-batches.js'

/** The batch that the counting core takes: rows of a block, or the reader's own. */
export class SwitchedBatches implements FrameBatches {
  columns: FrameColumns
  areIdsInUse = false
  readonly bytes: Uint8Array
  readonly groups: FrameBatches['groups']

  constructor({ columns, bytes, groups }: FrameBatches) {
    this.columns = columns
    this.bytes = bytes
    this.groups = groups
  }
}
