import { filesPartition } from '../counting/open-counting.js'

/** What the metrics say about the input. */
export interface InputFigures {
  readonly partitions: readonly {
    /** What the counting core knows it by. */
    readonly name: string
    readonly labels: Readonly<Record<string, string>>
    /** Of topics: what waits there, and the age of the last record taken while something does. */
    readonly lag: { readonly records: number; readonly seconds: number } | null
  }[]
  /** Of topics: how many partitions are read, and how often they were shared out. */
  readonly group: { readonly assigned: number; readonly rebalances: number } | null
  /** Why nothing is read now; null: reading goes on. */
  readonly waiting: string | null
}

/** Of files and stdin: one partition without a lag. */
export const fileFigures: InputFigures = {
  partitions: [{ name: filesPartition, labels: { partition: '0' }, lag: null }],
  group: null,
  waiting: null,
}
