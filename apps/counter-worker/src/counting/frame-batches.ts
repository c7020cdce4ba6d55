import type { FrameColumns, GroupTable } from '@card/frames'

/** Where the core finds the rows of a batch; a frame reader is one. */
export interface FrameBatches {
  readonly columns: FrameColumns
  /** What the columns `start` and `length` point into. */
  readonly bytes: Uint8Array
  readonly groups: GroupTable
  /** Batches to come name groups by ids they have now, so that none may be freed. */
  readonly areIdsInUse?: boolean
}
