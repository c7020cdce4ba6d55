import type { DeltaCounter } from '@card/estimators'
import type { ChangeStream } from '@card/windowing'
import type { Growth } from '../state/growth.js'
import type { WindowState } from '../state/window-state.js'
import type { EngineRecord } from './engine-record.js'

/** Fingerprints of a large exact state, in order of insertion, for the cell or step that comes before. */
export interface StatePart {
  readonly kind: 'part'
  /** The mark of the first fingerprint: 0 begins the state anew. */
  readonly from: number
  readonly bytes: Uint8Array
}

/**
 * What changed in the state of a counter or merger, record by record; a large exact state is left out of its record, and
 * follows as the parts that were not saved before.
 */
export type StateRecord = { readonly record: EngineRecord; readonly parts: readonly StatePart[] }

/** The changes of a step, to be read to their end before the next call, and acknowledged when the step is safe. */
export class StateChanges implements Iterable<StateRecord> {
  private readonly written: { readonly counter: DeltaCounter; readonly mark: number }[] = []

  constructor(
    private readonly stream: ChangeStream<WindowState>,
    private readonly growth: Growth,
  ) {}

  *[Symbol.iterator](): Generator<StateRecord, void, undefined> {
    for (const record of this.stream) {
      const state = 'state' in record ? (record.state ?? null) : null
      const grown = this.growth.unsavedFrom(state)
      if (grown === null) yield { record, parts: [] }
      else {
        const { counter, from } = grown
        this.written.push({ counter, mark: counter.mark })
        yield {
          record: { ...record, state: undefined } as EngineRecord,
          parts: partsOf(counter, from, this.growth.limits.part),
        }
      }
    }
  }

  /** The step is safe: nothing of this is saved again unless it changes. @throws WindowingError snapshot-open */
  ack(): void {
    this.stream.ack()
    for (const { counter, mark } of this.written) this.growth.saved(counter, mark)
  }

  /** The step is lost: all of this is in the next one again. */
  abandon(): void {
    this.stream.abandon()
  }
}

function partsOf(counter: DeltaCounter, from: number, limit: number): StatePart[] {
  const parts: StatePart[] = []
  for (let at = from; at < counter.mark; ) {
    // Parts end at multiples of the limit, so that a full one is never written again.
    const to = Math.min(counter.mark, (Math.floor(at / limit) + 1) * limit)
    parts.push({ kind: 'part', from: at, bytes: counter.delta(at, to) })
    at = to
  }
  return parts
}
