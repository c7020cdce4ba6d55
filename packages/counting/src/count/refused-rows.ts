import { Outcome, type WindowEngine } from '@card/windowing'
import { none } from '../none.js'
import type { WindowState } from '../state/window-state.js'
import type { FrameBatch } from './frame-batch.js'
import type { HeldLines } from './held-lines.js'
import { copyOf, lineAt, type RefusedLine } from './refused-line.js'

/**
 * Why a line is counted nowhere: the reader's status of a row it rejected, a group too many; `late`: its base window had
 * given up its state by the watermark of its own partition, `closed`: by that of another; `ahead`: it was too far ahead of
 * all others.
 */
export type Refusal = number | 'too-many-groups' | 'late' | 'closed' | 'ahead'

/** A line that is counted nowhere, and why. */
export interface RefusedRow {
  readonly refusal: Refusal
  readonly line: RefusedLine
}

/** Which lines are kept, asked for each line; all of them are counted. */
export interface WantedLines {
  readonly rejected: boolean
  readonly late: boolean
  /**
   * Where the lines of held frames of a partition wait; null: they are not wanted. Default: in memory where late lines are
   * wanted, as always where the state is saved.
   */
  readonly held?: ((partition: string) => HeldLines) | null
}

type Answer = Pick<WindowEngine<WindowState>, 'runs' | 'released'>

/** Collects the rows that are not counted, in the order of the rows. */
export class RefusedRows {
  /** Rows that the reader rejected, by status. */
  readonly rejected: number[] = []
  private rows: RefusedRow[] = []

  /** @param held keeps the lines of those whose fate is open; null: they are not wanted */
  constructor(
    private readonly engine: Answer,
    private readonly wanted: WantedLines,
    private readonly held: HeldLines | null,
  ) {}

  /** The rows since the last call. */
  take(): readonly RefusedRow[] {
    const { rows } = this
    if (rows.length === 0) return none
    this.rows = []
    return rows
  }

  /** Rows that the next `take` returns. */
  get count(): number {
    return this.rows.length
  }

  /** A run of the batch. */
  settleBatchRun(run: number, batch: FrameBatch): void {
    const { runs } = this.engine
    const outcome = runs.outcome[run]!
    if (outcome === Outcome.counted) return
    const from = runs.from[run]!
    const to = runs.to[run]!
    if (outcome === Outcome.skipped) {
      this.reject(batch, from, to)
      return
    }
    if (outcome === Outcome.held) {
      const ticket = runs.ticket[run]!
      for (let row = from; row < to; row++) this.held?.keep(ticket + row - from, lineAt(batch, row))
      return
    }
    const refusal = refusalOf(outcome)
    if (refusal === undefined || !this.isWanted(refusal)) return
    for (let row = from; row < to; row++) this.rows.push({ refusal, line: copyOf(lineAt(batch, row)) })
  }

  /** A run of frames that left the guard. */
  settleReleasedRun(run: number): void {
    const { held } = this
    if (held === null) return
    const { runs, released } = this.engine
    const refusal = refusalOf(runs.outcome[run]!)
    const wanted = refusal !== undefined && this.isWanted(refusal)
    for (let row = runs.from[run]!; row < runs.to[run]!; row++) {
      const ticket = released.ticket[row]!
      if (!wanted) {
        held.drop(ticket)
        continue
      }
      const line = held.take(ticket)
      if (line !== undefined) this.rows.push({ refusal, line })
    }
  }

  private reject(batch: FrameBatch, from: number, to: number): void {
    const { status } = batch.columns
    for (let row = from; row < to; row++) {
      const reason = status[row]!
      this.rejected[reason] = (this.rejected[reason] ?? 0) + 1
      if (this.wanted.rejected) this.rows.push({ refusal: reason, line: copyOf(lineAt(batch, row)) })
    }
  }

  private isWanted(refusal: Refusal): boolean {
    const isLate = refusal === 'late' || refusal === 'closed' || refusal === 'ahead'
    return isLate ? this.wanted.late : this.wanted.rejected
  }
}

function refusalOf(outcome: number): Refusal | undefined {
  if (outcome === Outcome.late) return 'late'
  if (outcome === Outcome.closed) return 'closed'
  if (outcome === Outcome.ahead) return 'ahead'
  return outcome === Outcome.tooManyGroups ? 'too-many-groups' : undefined
}
