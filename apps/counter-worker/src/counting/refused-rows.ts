import { rejectionReasons } from '@card/frames'
import { Outcome, type WindowEngine } from '@card/windowing'
import type { RefusedLine } from '../output/refused-text.js'
import type { WindowState } from './counters.js'
import type { CountingOutput } from './counting-output.js'
import type { FrameBatches } from './frame-batches.js'

/** Tells of the rows that are not counted, in the order of the rows; keeps the lines of those whose fate is open. */
export class RefusedRows {
  readonly #reader: FrameBatches
  readonly #engine: Pick<WindowEngine<WindowState>, 'runs' | 'released'>
  readonly #output: CountingOutput
  readonly #rejected = new Array<number>(rejectionReasons.length).fill(0)

  constructor(
    reader: FrameBatches,
    engine: Pick<WindowEngine<WindowState>, 'runs' | 'released'>,
    output: CountingOutput,
  ) {
    this.#reader = reader
    this.#engine = engine
    this.#output = output
  }

  /** Rows that the reader rejected, by reason. */
  get rejected(): Record<string, number> {
    const rejected: Record<string, number> = {}
    for (let status = 1; status < rejectionReasons.length; status++) {
      if (this.#rejected[status]! > 0) rejected[rejectionReasons[status]!] = this.#rejected[status]!
    }
    return rejected
  }

  /** A run of the batch that the reader's columns hold. */
  settleBatchRun(run: number, source: string, partition: number): void {
    const { runs } = this.#engine
    const outcome = runs.outcome[run]!
    if (outcome === Outcome.counted) return
    const from = runs.from[run]!
    const to = runs.to[run]!
    if (outcome === Outcome.skipped) {
      this.#reject(source, from, to)
      return
    }
    const { held } = this.#output
    const ticket = runs.ticket[run]!
    for (let row = from; row < to; row++) {
      if (outcome !== Outcome.held) this.#refuse(outcome, () => this.#line(source, row))
      else held?.keep(heldKey(partition, ticket + row - from), this.#line(source, row))
    }
  }

  /** A run of frames that the guard let go. */
  settleReleasedRun(run: number): void {
    const { held } = this.#output
    if (held === null) return
    const { runs, released } = this.#engine
    const to = runs.to[run]!
    for (let row = runs.from[run]!; row < to; row++) {
      const line = held.take(heldKey(released.partition[row]!, released.ticket[row]!))
      if (line !== null) this.#refuse(runs.outcome[run]!, () => line)
    }
  }

  #reject(source: string, from: number, to: number): void {
    const { status } = this.#reader.columns
    for (let row = from; row < to; row++) {
      const reason = status[row]!
      this.#rejected[reason]!++
      this.#output.rejected?.(rejectionReasons[reason]!, this.#line(source, row))
    }
  }

  /** Hands a line that is not counted to whoever wants it. */
  #refuse(outcome: number, line: () => RefusedLine): void {
    const { late, rejected, lateAction } = this.#output
    if (outcome === Outcome.late) late?.(lateAction, line())
    else if (outcome === Outcome.ahead) late?.('ahead', line())
    else if (outcome === Outcome.closed) late?.('closed', line())
    else if (outcome === Outcome.tooManyGroups) rejected?.('too-many-groups', line())
  }

  #line(source: string, row: number): RefusedLine {
    const { columns, bytes } = this.#reader
    const start = columns.start[row]!
    return { source, offset: columns.offset[row]!, line: bytes.subarray(start, start + columns.length[row]!) }
  }
}

/** The guard counts its tickets in each partition: one number for both, exact up to 2^37 held frames of each. */
function heldKey(partition: number, ticket: number): number {
  return partition * 2 ** 37 + ticket
}
