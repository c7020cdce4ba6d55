import { Outcome, Source, type WindowEngine } from '@card/windowing'
import type { WindowState } from '../state/window-state.js'
import type { FrameBatch } from './frame-batch.js'
import { LateShare } from './late-share.js'
import { copyOf, lineAt, type RefusedLine } from './refused-line.js'

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
  /** late frames among the last 1,000, from 0 to 1; 0 before there are as many */
  readonly lateRatio: number
}

/** Watches the event times of a partition, push by push. */
export class TimeWatch {
  private readonly late = new LateShare()
  private warnings: TimeWarning[] = []
  private beyondHorizon = 0
  private leaps = 0
  private isMostlyLate = false

  constructor(
    private readonly engine: WindowEngine<WindowState>,
    private readonly partition: number,
  ) {}

  get figures(): TimeFigures {
    const { held, beyondHorizon, leaps } = this.engine.guardFigures(this.partition)
    return { held, beyondHorizon, leaps, lateRatio: this.late.ratio }
  }

  /** The warnings since the last call. */
  take(): TimeWarning[] {
    const { warnings } = this
    if (warnings.length > 0) this.warnings = []
    return warnings
  }

  /** Looks at the answer of the engine to a push; warns at most once of each kind. */
  look(batch: FrameBatch): void {
    const { source } = batch
    const { beyondHorizon, leaps, lastLeap } = this.engine.guardFigures(this.partition)
    const lateRow = this.addLate()
    if (beyondHorizon > this.beyondHorizon) {
      // Once there is a trusted time there is one for good: the last frame that was held is one of those beyond it.
      const row = this.lastHeld()
      const time = batch.columns.time[row]!
      this.warnings.push({ kind: 'held', source, time, example: copyOf(lineAt(batch, row)) })
    }
    if (leaps > this.leaps && lastLeap !== undefined)
      this.warnings.push({ kind: 'leap', source, ...lastLeap })
    const isMostlyLate = this.late.ratio > 0.5
    if (isMostlyLate && !this.isMostlyLate) {
      const example = lateRow < 0 ? null : copyOf(lineAt(batch, lateRow))
      this.warnings.push({ kind: 'mostly-late', source, example })
    }
    this.beyondHorizon = beyondHorizon
    this.leaps = leaps
    this.isMostlyLate = isMostlyLate
  }

  /** Notes the frames that were counted or late. @returns the last row of the batch that was late; -1: none */
  private addLate(): number {
    const { runs } = this.engine
    let inTime = 0
    let lateRow = -1
    for (let run = 0; run < runs.length; run++) {
      const outcome = runs.outcome[run]!
      const frames = runs.to[run]! - runs.from[run]!
      if (outcome === Outcome.counted) inTime += frames
      else if (outcome === Outcome.late || outcome === Outcome.closed || outcome === Outcome.ahead) {
        this.late.add(inTime, false)
        this.late.add(frames, true)
        inTime = 0
        if (runs.source[run] === Source.batch) lateRow = runs.to[run]! - 1
      }
    }
    this.late.add(inTime, false)
    return lateRow
  }

  private lastHeld(): number {
    const { runs } = this.engine
    for (let run = runs.length - 1; run >= 0; run--) {
      if (runs.outcome[run] === Outcome.held) return runs.to[run]! - 1
    }
    return 0
  }
}
