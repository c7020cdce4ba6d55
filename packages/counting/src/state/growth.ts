import type { DeltaCounter } from '@card/estimators'
import type { EngineRecord } from '../saved/engine-record.js'
import type { WindowState } from './window-state.js'

/** In fingerprints. Fixed for the life of a state: parts are identified by these limits. */
export interface PartLimits {
  /** states of more are written in parts, each only once */
  readonly whole: number
  /** most in one part */
  readonly part: number
}

/** A part is at most 512 KiB. */
const defaultPartLimits: PartLimits = { whole: 2048, part: 32_768 }

/** Fingerprints of a large exact state, in order of insertion, for the cell or step that comes before. */
export interface StatePart {
  readonly kind: 'part'
  /** The mark of the first fingerprint: 0 begins the state anew, and all parts from there on are replaced. */
  readonly from: number
  /** Made on request, so that only one part at a time takes memory. */
  readonly bytes: () => Uint8Array
}

/** The parts of a large exact state that a step saves, and what is saved of it then. */
export interface UnsavedParts {
  readonly counter: DeltaCounter
  readonly mark: number
  readonly starts: readonly number[]
  readonly parts: readonly StatePart[]
}

/** Where states are written. */
export interface GrowthOptions {
  /** to a merger, by `bytesToSend` */
  readonly sends: boolean
  /** to a store, by `unsavedParts` and `saved` */
  readonly saves: boolean
  readonly limits: PartLimits | undefined
}

/** How much of a growing state has been written to each place. */
interface Marks {
  sent: number
  saved: number
  /** Where the saved parts behind the last full one begin, ascending. */
  tail: number[]
}

/**
 * Follows the exact states that grow large, so that what is written of them is what is new. A mark is a number of
 * fingerprints in order of insertion; the order is kept from the first that may be written again.
 *
 * Parts after the last full one are merged with new fingerprints once there are as many new ones as they hold. So a state has
 * few parts, however many steps saved it, and each fingerprint is written only a few times.
 */
export class Growth {
  // Few states are large, and none outlives its window.
  private readonly marks = new WeakMap<DeltaCounter, Marks>()

  readonly limits: PartLimits

  constructor(private readonly options: GrowthOptions) {
    this.limits = options.limits ?? defaultPartLimits
  }

  /** The state to send to a merger: whole, or of a large one what it lacks, in parts. */
  bytesToSend(state: WindowState): (Uint8Array | null)[] {
    if (state === null) return [null]
    const large = largeExact(state, this.limits.whole)
    if (large === null) return [state.toCanonicalBytes()]
    const marks = this.marksOf(large)
    const parts = partsOf(large, marks.sent, this.limits.part).map(({ bytes }) => bytes())
    marks.sent = large.mark
    this.release(large, marks)
    // Nothing was added but events.
    return parts.length > 0 ? parts : [large.delta(large.mark)]
  }

  /** The parts of a state to save; null: it is small, or a sketch, and saved whole. */
  unsavedParts(state: WindowState): UnsavedParts | null {
    const counter = state === null ? null : largeExact(state, this.limits.whole)
    if (counter === null) return null
    const { saved, tail } = this.marksOf(counter)
    const { mark } = counter
    if (mark === saved) return { counter, mark, starts: tail, parts: [] }
    let from = saved
    const kept = [...tail]
    while (kept.length > 0 && from - kept.at(-1)! <= mark - from) from = kept.pop()!
    const parts = partsOf(counter, from, this.limits.part)
    const full = mark - (mark % this.limits.part)
    const starts = [...kept, ...parts.map(({ from }) => from)].filter((start) => start >= full)
    return { counter, mark, starts, parts }
  }

  /** These parts are safe. */
  saved({ counter, mark, starts }: UnsavedParts): void {
    const marks = this.marksOf(counter)
    marks.saved = mark
    marks.tail = [...starts]
    this.release(counter, marks)
  }

  /** Notes the states of records that are restored with the parts they were saved in. */
  *noteRestored(records: Iterable<EngineRecord>): Generator<EngineRecord, void, undefined> {
    for (const record of records) {
      const state = 'state' in record ? (record.state ?? null) : null
      const large = state === null ? null : largeExact(state, this.limits.whole)
      if (large !== null) {
        const { mark } = large
        const full = mark - (mark % this.limits.part)
        // Whoever read the parts has kept the order of those behind the last full one.
        this.marks.set(large, { sent: 0, saved: mark, tail: full < mark ? [full] : [] })
        this.release(large, this.marksOf(large))
      }
      yield record
    }
  }

  private marksOf(counter: DeltaCounter): Marks {
    let marks = this.marks.get(counter)
    if (marks === undefined) {
      marks = { sent: 0, saved: 0, tail: [] }
      this.marks.set(counter, marks)
      counter.trackDeltas(0)
    }
    return marks
  }

  private release(counter: DeltaCounter, { sent, saved, tail }: Marks): void {
    const { sends, saves } = this.options
    const firstUnsaved = tail[0] ?? saved
    counter.releaseDeltas(Math.min(sends ? sent : counter.mark, saves ? firstUnsaved : counter.mark))
  }
}

/** The fingerprints from a mark on in parts, which end at multiples of the limit: a full one is never written again. */
function partsOf(counter: DeltaCounter, from: number, limit: number): StatePart[] {
  const parts: StatePart[] = []
  for (let at = from; at < counter.mark; ) {
    const from = at
    const to = Math.min(counter.mark, (Math.floor(from / limit) + 1) * limit)
    parts.push({ kind: 'part', from, bytes: () => counter.delta(from, to) })
    at = to
  }
  return parts
}

/** A state of more fingerprints than are written whole; null: it is smaller, or a sketch. */
function largeExact(state: NonNullable<WindowState>, limit: number): DeltaCounter | null {
  if (!('delta' in state) || state.estimator !== 'exact') return null
  const counter = state as DeltaCounter
  return counter.mark > limit ? counter : null
}
