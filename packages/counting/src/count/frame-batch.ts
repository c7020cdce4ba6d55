import type { FrameColumns } from '@card/frames'

/** Rows of one partition, in the order of its log. */
export interface FrameBatch {
  readonly columns: FrameColumns
  /** What the columns `start` and `length` point into. */
  readonly bytes: Uint8Array
  /** What refused lines name as theirs. */
  readonly source: string
}
