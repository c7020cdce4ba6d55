import { Outcome, type WindowEngine } from '@card/windowing'
import type { WindowState } from '../state/window-state.js'
import type { FrameBatch } from './frame-batch.js'

/** A line that is counted nowhere, or whose fate is open. */
export interface RefusedLine {
  readonly source: string
  readonly offset: number
  /** a copy */
  readonly line: Uint8Array
}

/**
 * Why a line is counted nowhere: the reader's status of a row it rejected, a group too many; `late`: its base window had
 * given up its state by the watermark of its own partition, `closed`: by that of another; `ahead`: it was too far ahead of
 * all others.
 */
export type Refusal = number | 'too-many-groups' | 'late' | 'closed' | 'ahead'

/** A line that is counted nowhere, and why. */
export interface RefusedRow extends RefusedLine {
  readonly refusal: Refusal
}

/** Which lines are kept; all of them are counted. */
export interface WantedLines {
  readonly rejected: boolean
  /** also holds the lines of frames that wait in the far-future guard */
  readonly late: boolean
}

type Answer = Pick<WindowEngine<WindowState>, 'runs' | 'released'>

/** Collects the rows that are not counted, in the order of the rows; keeps the lines of those whose fate is open. */
export class RefusedRows {
  /** Rows that the reader rejected, by status. */
  readonly rejected: number[] = []
  /** Lines of frames in the far-future guard, by ticket. */
  readonly held = new Map<number, RefusedLine>()
  private rows: RefusedRow[] = []

  constructor(
    private readonly engine: Answer,
    private readonly wanted: WantedLines,
  ) {}

  /** The rows since the last call. */
  take(): RefusedRow[] {
    const { rows } = this
    if (rows.length > 0) this.rows = []
    return rows
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
      if (!this.wanted.late) return
      const ticket = runs.ticket[run]!
      for (let row = from; row < to; row++) this.held.set(ticket + row - from, lineOf(batch, row))
      return
    }
    const refusal = refusalOf(outcome)
    if (refusal === undefined || !this.isWanted(refusal)) return
    for (let row = from; row < to; row++) this.rows.push({ refusal, ...lineOf(batch, row) })
  }

  /** A run of frames that the guard let go. */
  settleReleasedRun(run: number): void {
    if (!this.wanted.late) return
    const { runs, released } = this.engine
    const refusal = refusalOf(runs.outcome[run]!)
    for (let row = runs.from[run]!; row < runs.to[run]!; row++) {
      const ticket = released.ticket[row]!
      const line = this.held.get(ticket)
      this.held.delete(ticket)
      if (line !== undefined && refusal !== undefined && this.isWanted(refusal))
        this.rows.push({ refusal, ...line })
    }
  }

  private reject(batch: FrameBatch, from: number, to: number): void {
    const { status } = batch.columns
    for (let row = from; row < to; row++) {
      const reason = status[row]!
      this.rejected[reason] = (this.rejected[reason] ?? 0) + 1
      if (this.wanted.rejected) this.rows.push({ refusal: reason, ...lineOf(batch, row) })
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

function lineOf({ columns, bytes, source }: FrameBatch, row: number): RefusedLine {
  const start = columns.start[row]!
  // Copied: the reader's bytes are the next batch's before the step is written.
  return { source, offset: columns.offset[row]!, line: bytes.slice(start, start + columns.length[row]!) }
}
