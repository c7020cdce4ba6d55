import { Outcome, Source, type WindowEngine } from '@card/windowing'
import { none } from '../none.js'
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
  take(): readonly TimeWarning[] {
    const { warnings } = this
    if (warnings.length === 0) return none
    this.warnings = []
    return warnings
  }

  /** Looks at the answer of the engine to a push; warns at most once of what was held, and of a leap. */
  look(batch: FrameBatch): void {
    const { source } = batch
    const { beyondHorizon, leaps, lastLeap } = this.engine.guardFigures(this.partition)
    this.addLate(batch)
    if (beyondHorizon > this.beyondHorizon) {
      // A trusted time, once known, stays known: the last frame that was held is beyond it.
      const row = this.lastHeld()
      const time = batch.columns.time[row]!
      this.warnings.push({ kind: 'held', source, time, example: copyOf(lineAt(batch, row)) })
    }
    if (leaps > this.leaps && lastLeap !== undefined)
      this.warnings.push({ kind: 'leap', source, ...lastLeap })
    this.beyondHorizon = beyondHorizon
    this.leaps = leaps
  }

  /** Notes the frames that were counted or late; warns at the frame that is one too many, however batches are cut. */
  private addLate(batch: FrameBatch): void {
    const { runs } = this.engine
    let inTime = 0
    for (let run = 0; run < runs.length; run++) {
      const outcome = runs.outcome[run]!
      if (outcome === Outcome.counted) inTime += runs.to[run]! - runs.from[run]!
      else if (outcome === Outcome.late || outcome === Outcome.closed || outcome === Outcome.ahead) {
        this.addInTime(inTime)
        inTime = 0
        this.addLateRun(run, batch)
      }
    }
    this.addInTime(inTime)
  }

  private addInTime(frames: number): void {
    this.late.add(frames, false)
    if (this.isMostlyLate && this.late.ratio <= 0.5) this.isMostlyLate = false
  }

  private addLateRun(run: number, batch: FrameBatch): void {
    const { runs } = this.engine
    const to = runs.to[run]!
    let row = runs.from[run]!
    for (; row < to && !this.isMostlyLate; row++) {
      this.late.add(1, true)
      if (this.late.ratio <= 0.5) continue
      this.isMostlyLate = true
      const ofBatch = runs.source[run] === Source.batch
      const example = ofBatch ? copyOf(lineAt(batch, row)) : null
      this.warnings.push({ kind: 'mostly-late', source: batch.source, example })
    }
    this.late.add(to - row, true)
  }

  private lastHeld(): number {
    const { runs } = this.engine
    for (let run = runs.length - 1; run >= 0; run--) {
      if (runs.outcome[run] === Outcome.held) return runs.to[run]! - 1
    }
    return 0
  }
}
