/** A frame as the far-future guard sees it. */
export interface GuardFrame {
  readonly key: string | number
  /** ms */
  readonly t: number
}

/** The limits of a far-future guard, in ms. */
export interface GuardLimits {
  /** Infinity: no guard */
  readonly maxAhead: number
  readonly horizon: number
}

/** What becomes of frames, named by their indexes in their partition. */
export interface GuardVerdicts {
  /** A frame counts. @param trusted the trusted time at that moment; null: none yet */
  count(index: number, trusted: number | null): void
  /** A held frame leaves uncounted. */
  ahead(index: number): void
}

/**
 * The far-future guard of one partition, written from its rules without a thought of speed: lists of frames, each
 * looked through from its beginning whenever something is asked of it. Tests hold the real one against it.
 */
export class GuardModel {
  /** null: none yet */
  trusted: number | null = null
  readonly #limits: GuardLimits
  readonly #verdicts: GuardVerdicts
  readonly #frames: GuardFrame[] = []
  readonly #shown = new Set<string | number>()
  #need = 4
  #run: number[] = []
  #held: number[] = []
  /** The frame that contradicted the run last. */
  #contradictedBy = -1

  constructor(limits: GuardLimits, verdicts: GuardVerdicts) {
    this.#limits = limits
    this.#verdicts = verdicts
  }

  /** Whether it holds a frame that nothing has contradicted. */
  get isUndecided(): boolean {
    return this.#held.some((index) => index > this.#contradictedBy)
  }

  /** The next frame of the partition arrives. */
  arrive(frame: GuardFrame): void {
    const index = this.#frames.push(frame) - 1
    if (this.#shown.size < 3) this.#shown.add(frame.key)
    const { maxAhead, horizon } = this.#limits
    const isOff = maxAhead === Number.POSITIVE_INFINITY
    if (isOff || (this.trusted !== null && frame.t <= this.trusted + maxAhead)) {
      this.#accept(index)
      return
    }
    this.#run.push(index)
    if (this.trusted !== null && frame.t <= this.trusted + horizon) this.#verdicts.count(index, this.trusted)
    else {
      this.#held.push(index)
      if (this.#held.length > 1024) this.#verdicts.ahead(this.#held.shift()!)
    }
    if (this.trusted === null) this.#begin()
    if (this.trusted !== null) this.#win()
  }

  /** The end of the partition, or a long time without a frame: every held frame is judged. */
  flush(): void {
    const rest = this.#held.sort((a, b) => this.#time(a) - this.#time(b) || a - b)
    this.#held = []
    for (const index of rest) {
      if (index > this.#contradictedBy) this.#verdicts.count(index, this.trusted)
    }
    for (const index of rest) if (index <= this.#contradictedBy) this.#verdicts.ahead(index)
  }

  #accept(index: number): void {
    const before = this.trusted ?? Number.NEGATIVE_INFINITY
    this.trusted = Math.max(before, this.#time(index))
    this.#verdicts.count(index, this.trusted)
    this.#countHeld()
    if (this.#run.length === 0 || this.#time(index) < before - this.#limits.horizon) return
    this.#follow()
    if (this.#run.length === 0) return
    this.#run = []
    this.#need = Math.min(64, 2 * this.#need)
    this.#contradictedBy = index
  }

  #begin(): void {
    if (!(this.#run.length >= 5 && this.#distinct() >= 3) && this.#run.length < 100) return
    const times = this.#held.map((index) => this.#time(index)).sort((a, b) => a - b)
    const median = times[(times.length - 1) >> 1]!
    const low = times.find((time) => time >= median - this.#limits.horizon)!
    this.#countHeld(low)
    this.trusted = low
    this.#leaveRun(low)
    this.#follow()
  }

  #win(): void {
    while (this.#run.length >= this.#need) {
      const least = this.#least()
      const enoughKeys = this.#distinct() >= this.#shown.size
      const wideEnough = this.#time(this.#run.at(-1)!) - least >= least - this.trusted!
      if (!enoughKeys && !wideEnough && this.#run.length < 1000) return
      this.#need = 4
      this.#moveToRun()
      this.#follow()
    }
  }

  #follow(): void {
    while (this.#run.length > 0 && this.#least() <= this.trusted! + this.#limits.maxAhead) this.#moveToRun()
  }

  #moveToRun(): void {
    const least = this.#least()
    this.trusted = Math.max(this.trusted!, least)
    this.#leaveRun(least)
    this.#countHeld()
  }

  /** The last frame of the run that is at most a time leaves it, with all that arrived before. */
  #leaveRun(time: number): void {
    this.#run = this.#run.slice(this.#run.findLastIndex((index) => this.#time(index) <= time) + 1)
  }

  /** @param from the time that the horizon counts from */
  #countHeld(from = this.trusted!): void {
    const limit = from + this.#limits.horizon
    for (const index of this.#held) {
      if (this.#time(index) <= limit) this.#verdicts.count(index, this.trusted)
    }
    this.#held = this.#held.filter((index) => this.#time(index) > limit)
  }

  #time(index: number): number {
    return this.#frames[index]!.t
  }

  #least(): number {
    return Math.min(...this.#run.map((index) => this.#time(index)))
  }

  /** Distinct keys of the run, counted up to three. */
  #distinct(): number {
    return Math.min(3, new Set(this.#run.map((index) => this.#frames[index]!.key)).size)
  }
}
