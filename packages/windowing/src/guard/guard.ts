import { FarRun } from './far-run.js'
import { type HeldFrame, HeldQueue } from './held-queue.js'
import { enoughKeys, ShownKeys } from './keys.js'

const unknown = Number.NEGATIVE_INFINITY

/** The most frames held in a partition; beyond it the oldest leaves. */
const heldLimit = 1024
/** How many far frames establish the first trusted time: with enough distinct keys, or with fewer keys. */
const framesToBegin = 5
const framesOfFewKeysToBegin = 100
/** How many far frames a new trusted time needs at first, and at most after contradictions. */
const firstNeed = 4
const greatestNeed = 64
/** A run as long as this needs no further evidence. */
const convincingLength = 1000

/** What a guard has done since it was created; not part of snapshots. */
export interface GuardFigures {
  /** frames it holds now */
  readonly held: number
  /** frames it has held because they were beyond the horizon of a known trusted time */
  readonly beyondHorizon: number
  /** far frames that were contradicted by the frames after them */
  readonly contradicted: number
  /** moves of the trusted time by more than the horizon */
  readonly leaps: number
  /** the last of them, in ms */
  readonly lastLeap: { readonly from: number; readonly to: number } | undefined
}

/**
 * The far-future guard of one partition. It guards the watermark, not the windows: the watermark follows `trusted`, the
 * trusted time, which a frame moves only when it is at most `maxAhead` past it. Later frames are *far*: up to the
 * `horizon` they count at once without moving the trusted time, beyond it they are held. The far frames since the last
 * accepted one that contradicted them are the *run*, the evidence that the stream itself has moved on.
 *
 * Each frame costs constant amortized time, whatever the stream. All methods call `release` for each held frame that
 * counts, with `trusted` as it is at that moment.
 */
export class Guard {
  /** the trusted time in ms; -Infinity: unknown */
  trusted = unknown
  readonly shown = new ShownKeys()
  readonly run = new FarRun()
  readonly held = new HeldQueue()
  /** far frames needed for the next new trusted time */
  need = firstNeed
  /** of the next frame that is held */
  nextTicket = 0
  /** held frames from this ticket on joined since the run was last contradicted */
  uncontradicted = 0
  private beyondHorizon = 0
  private contradictedFrames = 0
  private leaps = 0
  private lastLeap: GuardFigures['lastLeap']

  /**
   * @param maxAhead ms
   * @param horizon ms, not below `maxAhead`
   * @param release takes a held frame that counts
   */
  constructor(
    readonly maxAhead: number,
    readonly horizon: number,
    private readonly release: (frame: HeldFrame) => void,
  ) {}

  /** Whether a frame at `t` is accepted: it may move the trusted time. */
  accepts(t: number): boolean {
    return t <= this.trusted + this.maxAhead
  }

  /** Whether a far frame at `t` counts at once: no other is held before it. */
  reaches(t: number): boolean {
    return t <= this.trusted + this.horizon
  }

  /** Notes an accepted frame, which has been counted. */
  accepted(t: number): void {
    const before = this.trusted
    if (t > before) this.trusted = t
    this.releaseHeld()
    if (this.run.length === 0 || t < before - this.horizon) return
    this.follow()
    if (this.run.length > 0) this.contradicted()
  }

  /** Notes a far frame within the horizon, which has been counted. */
  far(t: number, w0: number, w1: number, w2: number, w3: number): void {
    this.run.add(t, w0, w1, w2, w3)
    this.win()
  }

  /** Holds a far frame beyond the horizon. @returns the oldest held frame, which leaves, if there are too many */
  hold(frame: HeldFrame): HeldFrame | undefined {
    this.nextTicket = frame.ticket + 1
    if (this.trusted !== unknown) this.beyondHorizon++
    this.run.add(frame.time, ...frame.hash)
    this.held.push(frame)
    return this.held.length > heldLimit ? this.held.shift() : undefined
  }

  /** Decides what follows from a frame that was held. */
  weigh(): void {
    if (this.trusted === unknown) this.begin()
    if (this.trusted !== unknown) this.win()
  }

  get figures(): GuardFigures {
    const { beyondHorizon, contradictedFrames: contradicted, leaps, lastLeap } = this
    return { held: this.held.length, beyondHorizon, contradicted, leaps, lastLeap }
  }

  /** Whether it holds a frame that nothing has contradicted, which a flush would count. */
  get isUndecided(): boolean {
    for (const { ticket } of this.held.frames()) if (ticket >= this.uncontradicted) return true
    return false
  }

  /**
   * Empties the guard: the frames that count, then those that leave, each in order of time, of equal times in order of
   * arrival.
   *
   * @param ahead takes a frame that was contradicted
   */
  flush(ahead: (frame: HeldFrame) => void): void {
    // Sorting is stable.
    const frames = [...this.held.frames()].sort((a, b) => a.time - b.time)
    this.held.reset([])
    for (const frame of frames) if (frame.ticket >= this.uncontradicted) this.release(frame)
    for (const frame of frames) if (frame.ticket < this.uncontradicted) ahead(frame)
  }

  private releaseHeld(): void {
    this.held.takeUpTo(this.trusted + this.horizon, this.release)
  }

  private follow(): void {
    while (this.run.least <= this.trusted + this.maxAhead) this.moveToRun()
  }

  private contradicted(): void {
    this.contradictedFrames += this.run.length
    this.run.clear()
    this.need = Math.min(greatestNeed, 2 * this.need)
    this.uncontradicted = this.nextTicket
  }

  /** Raises the trusted time to the least of the run. */
  private moveToRun(): void {
    const { least } = this.run
    if (least > this.trusted) {
      if (least - this.trusted > this.horizon) {
        this.leaps++
        this.lastLeap = { from: this.trusted, to: least }
      }
      this.trusted = least
    }
    this.run.removeLeast()
    this.releaseHeld()
  }

  private win(): void {
    while (this.run.length >= this.need && this.convinces) {
      this.need = firstNeed
      this.moveToRun()
      this.follow()
    }
  }

  private get convinces(): boolean {
    const { run, shown, trusted } = this
    return (
      run.distinctKeys >= shown.count ||
      run.newest - run.least >= run.least - trusted ||
      run.length >= convincingLength
    )
  }

  private begin(): void {
    const { run, held } = this
    const settled = run.length >= framesToBegin && run.distinctKeys >= enoughKeys
    if (!settled && run.length < framesOfFewKeysToBegin) return
    const times = [...held.frames()].map(({ time }) => time).sort((a, b) => a - b)
    const median = times[(times.length - 1) >> 1]!
    const low = times.find((time) => time >= median - this.horizon)!
    // None of these is late: they are judged before there is a trusted time.
    held.takeUpTo(low + this.horizon, this.release)
    this.trusted = low
    while (run.least <= low) run.removeLeast()
    this.follow()
  }
}
