import type { EngineCore, InputPartition } from '../engine/core.js'
import type { Cell } from '../store/open-window.js'
import { Outcome, type Runs, Source } from './runs.js'

/** Decides what becomes of events, and says so in runs. */
export class Judge<S> {
  constructor(
    private readonly core: EngineCore<S>,
    private readonly runs: Runs,
  ) {}

  /**
   * Judges one event that the guard lets count: late, closed, of a group too many, or counted.
   *
   * @returns the cell that it counts in; undefined: in none
   */
  judge(input: InputPartition, t: number, group: number, source: Source, row: number): Cell<S> | undefined {
    const { store } = this.core
    const watermark = this.core.watermarks.combined
    const { lateness, allowedLateness, maxGroups, overflowGroup } = this.core.options
    const { assigner } = this.core.base
    assigner.locate(t)
    const { start, end } = assigner
    const judging = lateness === 'partition' ? input.mark.watermark : watermark
    if (end - 1 + allowedLateness <= judging) {
      this.refuse(Outcome.late, source, row, start, end, judging)
      return undefined
    }
    // The other partitions have gone on without this one while it was idle, or before it was there.
    if (end - 1 + allowedLateness <= watermark || end - 1 <= this.core.closedUntil) {
      this.refuse(Outcome.closed, source, row, start, end, watermark)
      return undefined
    }
    let cell = store.open.find(start, group)
    if (cell === undefined) {
      const { groups } = store.open
      let into = group
      if (group !== 0 && group !== overflowGroup && groups.count >= maxGroups && !groups.inBase(group)) {
        if (overflowGroup === 'reject') {
          this.runs.add(Outcome.tooManyGroups, source, row, row + 1, -1)
          this.core.tally[Outcome.tooManyGroups]!++
          return undefined
        }
        into = overflowGroup
      }
      cell = store.cell(start, into, watermark)
    }
    this.count(cell, source, row, row + 1)
    return cell
  }

  /** Counts rows in a cell. */
  count(cell: Cell<S>, source: Source, from: number, to: number): void {
    this.core.store.add(cell, to - from)
    this.runs.add(Outcome.counted, source, from, to, cell.slot)
    this.core.tally[Outcome.counted]! += to - from
  }

  /** Notes a row of the batch that is in no window. */
  note(outcome: Outcome, row: number): void {
    this.runs.add(outcome, Source.batch, row, row + 1, -1)
    this.core.tally[outcome]!++
  }

  private refuse(
    outcome: Outcome,
    source: Source,
    row: number,
    start: number,
    end: number,
    by: number,
  ): void {
    this.runs.addLate(outcome, source, row, start, end, by)
    this.core.tally[outcome]!++
  }
}
