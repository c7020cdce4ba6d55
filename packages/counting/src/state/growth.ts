import type { DeltaCounter } from '@card/estimators'
import type { EngineRecord } from '../saved/engine-record.js'
import type { WindowState } from './window-state.js'

/** Fingerprints. */
export interface PartLimits {
  /** states of more are written in parts, each only once */
  readonly whole: number
  /** most in one part */
  readonly part: number
}

/** A part is at most 512 KiB. */
const defaultLimits: PartLimits = { whole: 2048, part: 32_768 }

/** Where states are written. */
export interface GrowthOptions {
  /** to a merger, by `bytesToSend` */
  readonly sends: boolean
  /** to a store, by `unsavedFrom` and `saved` */
  readonly saves: boolean
  readonly limits: PartLimits | undefined
}

/** How much of a growing state has been written to each place. */
interface Marks {
  sent: number
  saved: number
}

/**
 * Follows the exact states that grow large, so that what is written of them is what is new. A mark is a number of
 * fingerprints in order of insertion; what both places have is no longer kept in that order.
 */
export class Growth {
  // Few states are large, and none outlives its window.
  private readonly marks = new WeakMap<DeltaCounter, Marks>()

  readonly limits: PartLimits

  constructor(private readonly options: GrowthOptions) {
    this.limits = options.limits ?? defaultLimits
  }

  /** The state to send to a merger: whole, or of a large one what it lacks. */
  bytesToSend(state: WindowState): Uint8Array | null {
    if (state === null) return null
    const large = largeExact(state, this.limits.whole)
    if (large === null) return state.toCanonicalBytes()
    const marks = this.marksOf(large)
    const bytes = large.delta(marks.sent)
    marks.sent = large.mark
    this.release(large, marks)
    return bytes
  }

  /** From which mark on a state is to be saved; null: it is small, or a sketch, and saved whole. */
  unsavedFrom(state: WindowState): { readonly counter: DeltaCounter; readonly from: number } | null {
    const large = state === null ? null : largeExact(state, this.limits.whole)
    return large === null ? null : { counter: large, from: this.marksOf(large).saved }
  }

  /** What was saved up to a mark is safe. */
  saved(counter: DeltaCounter, mark: number): void {
    const marks = this.marksOf(counter)
    marks.saved = Math.max(marks.saved, mark)
    this.release(counter, marks)
  }

  /** Notes the states of records that are restored: all of them are saved. */
  *noteRestored(records: Iterable<EngineRecord>): Generator<EngineRecord, void, undefined> {
    for (const record of records) {
      const state = 'state' in record ? (record.state ?? null) : null
      const large = state === null ? null : largeExact(state, this.limits.whole)
      if (large !== null) this.saved(large, large.mark)
      yield record
    }
  }

  private marksOf(counter: DeltaCounter): Marks {
    let marks = this.marks.get(counter)
    if (marks === undefined) {
      marks = { sent: 0, saved: 0 }
      this.marks.set(counter, marks)
      counter.trackDeltas(0)
    }
    return marks
  }

  private release(counter: DeltaCounter, { sent, saved }: Marks): void {
    const { sends, saves } = this.options
    counter.releaseDeltas(Math.min(sends ? sent : counter.mark, saves ? saved : counter.mark))
  }
}

/** A state of more fingerprints than are written whole; null: it is smaller, or a sketch. */
function largeExact(state: NonNullable<WindowState>, limit: number): DeltaCounter | null {
  if (!('delta' in state) || state.estimator !== 'exact') return null
  const counter = state as DeltaCounter
  return counter.mark > limit ? counter : null
}
