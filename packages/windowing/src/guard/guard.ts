/** A frame waiting in the far-future guard. */
export interface HeldFrame {
  /** counts the frames held in this partition, from 0: the caller's key to what it keeps of the frame */
  readonly ticket: number
  readonly time: number
  readonly group: number
  readonly offset: number
  /** the four words of the key's hash */
  readonly hash: readonly [number, number, number, number]
  /** false: later than its ceiling, so it is no evidence that the stream has moved */
  readonly evidence: boolean
}

/** The common answer, made once: `release` is asked for each row that is looked at closely. */
const nobody: readonly HeldFrame[] = []

type Key = readonly [number, number, number, number]

/** At most so many frames are held in a partition; then the oldest leaves. */
const heldLimit = 1024
/** So many distinct keys (or frames, where the partition shows fewer keys) corroborate a new time. */
const corroborating = 3
/** So many frames of fewer keys settle the first time of a partition. */
const framesToBegin = 100

/**
 * The far-future guard of one partition: a stage before the watermark, which follows `reference`, the trusted
 * time. A frame more than `ahead` past it is held until the stream itself has moved there: one flipped bit must
 * not close the day, yet a real gap must pass. Times within the reach of the reference never wait.
 */
export class Guard {
  /** the trusted time in ms; -Infinity: unknown */
  reference = Number.NEGATIVE_INFINITY
  /** distinct keys of the partition so far, at most three */
  readonly shown: Key[] = []
  /** frames in order of arrival */
  held: HeldFrame[] = []
  nextTicket = 0
  /** frames from this ticket on were held since the last one accepted on arrival: the run, less those without evidence */
  runFrom = 0
  /** no frame that arrived after those from this ticket on was processed */
  quietFrom = 0
  /** the least time of a held frame; Infinity: none */
  least = Number.POSITIVE_INFINITY

  /** of the run: its frames, and its distinct keys with the frames of each. They are few: three corroborate */
  private runLength = 0
  private runKeys: { readonly key: Key; frames: number }[] = []

  /** @param ahead ms a frame may be past the trusted time; Infinity: no guard */
  constructor(readonly ahead: number) {}

  /** Whether a frame at `t` is accepted on arrival. */
  reaches(t: number): boolean {
    return t <= this.reference + this.ahead
  }

  /** One or more frames were accepted on arrival: the run ends. */
  accepted(): void {
    this.runFrom = this.nextTicket
    this.quietFrom = this.nextTicket
    if (this.runLength > 0) this.recount()
  }

  /** Whether `show` still does something. */
  get wantsKeys(): boolean {
    return this.shown.length < corroborating
  }

  /** Notes a key the partition has shown; only the first three distinct ones matter. */
  show(w0: number, w1: number, w2: number, w3: number): void {
    if (!this.wantsKeys) return
    // Compared before it is made: a stream of one key would make an array a frame.
    for (const k of this.shown) if (k[0] === w0 && k[1] === w1 && k[2] === w2 && k[3] === w3) return
    this.shown.push([w0, w1, w2, w3])
  }

  /** Takes a frame in; returns the oldest when there are too many. */
  hold(frame: HeldFrame): HeldFrame | undefined {
    this.nextTicket = frame.ticket + 1
    this.held.push(frame)
    if (frame.time < this.least) this.least = frame.time
    this.note(frame)
    if (this.held.length <= heldLimit) return undefined
    // Recounting at each frame of a hostile stream would cost a thousand steps a frame.
    const oldest = this.held.shift()!
    if (oldest.time === this.least) this.measure()
    this.drop(oldest)
    return oldest
  }

  /** The held frames within reach of the trusted time, in order of arrival; they leave. */
  release(): readonly HeldFrame[] {
    if (!this.reaches(this.least)) return nobody
    const within = this.held.filter((frame) => this.reaches(frame.time))
    this.held = this.held.filter((frame) => !this.reaches(frame.time))
    this.measure()
    this.recount()
    for (const frame of within) this.show(...frame.hash)
    return within
  }

  /** Moves the trusted time when the run corroborates a new one; returns the frames that leave, undefined when it does not move. */
  move(): readonly HeldFrame[] | undefined {
    if (!this.corroborated) return undefined
    const run = this.held.filter((frame) => this.inRun(frame))
    let least = Number.POSITIVE_INFINITY
    for (const frame of run) if (frame.time < least) least = frame.time
    for (const frame of run) {
      if (frame.time <= least + this.ahead && frame.time > this.reference) this.reference = frame.time
    }
    const released = this.release()
    for (const frame of released) {
      if (frame.ticket >= this.quietFrom) this.quietFrom = frame.ticket + 1
    }
    return released
  }

  /** Empties the guard at the end of input: what is processed and what leaves as too far ahead, each in order of time. */
  flush(): { processed: HeldFrame[]; ahead: HeldFrame[] } {
    // Sorting is stable: frames of one time stay in order of arrival.
    const rest = this.held.sort((a, b) => a.time - b.time)
    const processed = rest.filter((frame) => frame.ticket >= this.quietFrom)
    const ahead = rest.filter((frame) => frame.ticket < this.quietFrom)
    this.held = []
    this.measure()
    this.recount()
    return { processed, ahead }
  }

  /** Takes over the frames and counts of another guard. */
  restore(held: HeldFrame[], nextTicket: number, runFrom: number, quietFrom: number): void {
    this.held = held
    this.nextTicket = nextTicket
    this.runFrom = runFrom
    this.quietFrom = quietFrom
    this.measure()
    this.recount()
  }

  private get corroborated(): boolean {
    if (this.runLength < corroborating) return false
    const keys = this.runKeys.length
    if (this.reference === Number.NEGATIVE_INFINITY)
      return keys >= corroborating || this.runLength >= framesToBegin
    return keys >= Math.min(corroborating, this.shown.length)
  }

  private inRun(frame: HeldFrame): boolean {
    return frame.evidence && frame.ticket >= this.runFrom
  }

  private note(frame: HeldFrame): void {
    if (!this.inRun(frame)) return
    this.runLength++
    const known = this.runKeys.find(({ key }) => sameKey(key, frame.hash))
    if (known === undefined) this.runKeys.push({ key: frame.hash, frames: 1 })
    else known.frames++
  }

  private drop(frame: HeldFrame): void {
    if (!this.inRun(frame)) return
    this.runLength--
    const at = this.runKeys.findIndex(({ key }) => sameKey(key, frame.hash))
    if (--this.runKeys[at]!.frames === 0) this.runKeys.splice(at, 1)
  }

  private recount(): void {
    this.runLength = 0
    this.runKeys = []
    for (const frame of this.held) this.note(frame)
  }

  private measure(): void {
    this.least = Number.POSITIVE_INFINITY
    for (const frame of this.held) if (frame.time < this.least) this.least = frame.time
  }
}

function sameKey(a: Key, b: Key): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3]
}
