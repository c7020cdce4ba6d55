import { Outcome, Source, type WindowEngine } from '@card/windowing'
import type { WindowState } from '../state/window-state.js'
import type { FrameBatch } from './frame-batch.js'
import { type HeldLines, LinesInMemory } from './held-lines.js'
import { RefusedRows, type WantedLines } from './refused-rows.js'
import { TimeWatch } from './time-watch.js'
import { TotalRows } from './total-rows.js'

/** What became of the frames of a partition so far. */
export interface RowSums {
  readonly counted: number
  /** by the reader's status */
  readonly rejected: readonly number[]
  readonly tooManyGroups: number
  readonly late: number
  readonly ahead: number
  /** frames that wait in the far-future guard now */
  readonly held: number
}

/** Settings of {@link RowCounter}. */
export interface RowCounterOptions {
  readonly totals: boolean
  readonly wanted: WantedLines
  /** where lines of held frames wait; null: they are not wanted */
  readonly held: HeldLines | null
}

/** The number of the one partition that an engine of a row counter knows. */
export const onlyPartition = 0

/** Brings the rows of a partition into the windows of an engine, and collects those that are not counted. */
export class RowCounter {
  readonly refused: RefusedRows
  readonly times: TimeWatch
  private readonly totals: TotalRows | undefined

  constructor(
    private readonly engine: WindowEngine<WindowState>,
    { totals, wanted, held }: RowCounterOptions,
  ) {
    this.refused = new RefusedRows(engine, wanted, held)
    this.times = new TimeWatch(engine, onlyPartition)
    this.totals = totals ? new TotalRows() : undefined
  }

  /** Pushes rows of a batch from `from` on until panes are due; returns the row after the last one handled. */
  push(batch: FrameBatch, from: number): number {
    const row = this.engine.push(onlyPartition, batch.columns, from, batch.columns.rows)
    this.settle(batch)
    this.times.look(batch)
    return row
  }

  /** Adds the rows of the engine's answer to the states they belong to. @param batch null: only frames out of the guard */
  settle(batch: FrameBatch | null): void {
    const { engine, totals, refused } = this
    const { runs, released } = engine
    for (let run = 0; run < runs.length; run++) {
      const ofBatch = runs.source[run] === Source.batch
      if (runs.outcome[run] === Outcome.counted) {
        const hashes = ofBatch ? batch!.columns.hash : released.hash
        const slot = runs.slot[run]!
        const from = runs.from[run]!
        const to = runs.to[run]!
        engine.state(slot)?.addHashes(hashes, from, to)
        totals?.add(engine.totalState(slot), hashes, from, to)
      }
      if (ofBatch) refused.settleBatchRun(run, batch!)
      else refused.settleReleasedRun(run)
    }
    totals?.settle()
  }

  get sums(): RowSums {
    const { counted, late, ahead, held, 'too-many-groups': tooManyGroups } = this.engine.counters
    return { counted, late, ahead, held, tooManyGroups, rejected: this.refused.rejected }
  }
}

/** Where the lines of held frames of a partition wait as the caller wants it; null: nowhere. */
export function heldLinesOf({ late, held }: WantedLines, partition: string): HeldLines | null {
  if (held !== undefined) return held === null ? null : held(partition)
  return late ? new LinesInMemory() : null
}
