import { Outcome, Source, type WindowEngine } from '@card/windowing'
import type { RefusedLine } from '../output/refused-text.js'
import type { WindowState } from './counters.js'
import type { FrameBatches } from './frame-batches.js'
import { LateShare } from './late-share.js'

/** Something odd about the event times of a source; times in ms. */
export type TimeWarning =
  /** A frame is held because it is beyond the horizon of the trusted time. */
  | { readonly kind: 'held'; readonly source: string; readonly time: number; readonly example: RefusedLine }
  /** The trusted time has moved by more than the horizon. */
  | { readonly kind: 'leap'; readonly source: string; readonly from: number; readonly to: number }
  /** More than half of the last 1,000 frames were late. */
  | { readonly kind: 'mostly-late'; readonly source: string; readonly example: RefusedLine | null }

/** What is known of the event times of a partition. */
export interface TimeFigures {
  /** frames that wait in the guard */
  readonly held: number
  /** frames that were held because they were beyond the horizon */
  readonly beyondHorizon: number
  /** moves of the trusted time by more than the horizon */
  readonly leaps: number
  /** late frames among the last 1,000, from 0 to 1 */
  readonly lateRatio: number
}

interface Seen {
  readonly late: LateShare
  beyondHorizon: number
  leaps: number
  isMostlyLate: boolean
}

/** Watches the event times of each partition, batch by batch. */
export class TimeWatch {
  readonly #engine: WindowEngine<WindowState>
  readonly #reader: FrameBatches
  readonly #seen = new Map<number, Seen>()

  constructor(engine: WindowEngine<WindowState>, reader: FrameBatches) {
    this.#engine = engine
    this.#reader = reader
  }

  figures(partition: number): TimeFigures {
    const { held, beyondHorizon, leaps } = this.#engine.guardFigures(partition)
    return { held, beyondHorizon, leaps, lateRatio: this.#seen.get(partition)?.late.ratio ?? 0 }
  }

  /** Looks at the answer of the engine to a push. @param warn takes at most one warning of each kind */
  look(source: string, partition: number, warn: ((warning: TimeWarning) => void) | undefined): void {
    const seen = this.#of(partition)
    const { beyondHorizon, leaps, lastLeap } = this.#engine.guardFigures(partition)
    const lateRow = this.#addLate(seen.late)
    if (beyondHorizon > seen.beyondHorizon) {
      // Once there is a trusted time there is one for good: the last frame that was held is one of those beyond it.
      const row = this.#lastHeld()
      const time = this.#reader.columns.time[row]!
      warn?.({ kind: 'held', source, time, example: this.#line(source, row) })
    }
    if (leaps > seen.leaps && lastLeap !== undefined) warn?.({ kind: 'leap', source, ...lastLeap })
    const isMostlyLate = seen.late.ratio > 0.5
    if (isMostlyLate && !seen.isMostlyLate) {
      const example = lateRow < 0 ? null : this.#line(source, lateRow)
      warn?.({ kind: 'mostly-late', source, example })
    }
    Object.assign(seen, { beyondHorizon, leaps, isMostlyLate })
  }

  #of(partition: number): Seen {
    let seen = this.#seen.get(partition)
    if (seen === undefined) {
      seen = { late: new LateShare(), beyondHorizon: 0, leaps: 0, isMostlyLate: false }
      this.#seen.set(partition, seen)
    }
    return seen
  }

  /** Notes the frames that were counted or late. @returns the last row of the batch that was late; -1: none */
  #addLate(share: LateShare): number {
    const { runs } = this.#engine
    let inTime = 0
    let lateRow = -1
    for (let run = 0; run < runs.length; run++) {
      const outcome = runs.outcome[run]!
      const frames = runs.to[run]! - runs.from[run]!
      if (outcome === Outcome.counted) inTime += frames
      else if (outcome === Outcome.late || outcome === Outcome.closed || outcome === Outcome.ahead) {
        share.add(inTime, false)
        share.add(frames, true)
        inTime = 0
        if (runs.source[run] === Source.batch) lateRow = runs.to[run]! - 1
      }
    }
    share.add(inTime, false)
    return lateRow
  }

  #lastHeld(): number {
    const { runs } = this.#engine
    for (let run = runs.length - 1; run >= 0; run--) {
      if (runs.outcome[run] === Outcome.held) return runs.to[run]! - 1
    }
    return 0
  }

  #line(source: string, row: number): RefusedLine {
    const { columns, bytes } = this.#reader
    const start = columns.start[row]!
    return { source, offset: columns.offset[row]!, line: bytes.subarray(start, start + columns.length[row]!) }
  }
}
