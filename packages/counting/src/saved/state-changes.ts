import type { ChangeStream } from '@card/windowing'
import type { Growth, StatePart, UnsavedParts } from '../state/growth.js'
import type { WindowState } from '../state/window-state.js'
import type { EngineRecord } from './engine-record.js'

/**
 * What changed in the state of a counter or merger, record by record; a large exact state is left out of its record, and
 * follows as the parts that were not saved before.
 */
export type StateRecord = { readonly record: EngineRecord; readonly parts: readonly StatePart[] }

/** The changes of a step, to be read to their end before the next call, and acknowledged when the step is safe. */
export class StateChanges implements Iterable<StateRecord> {
  private readonly written: UnsavedParts[] = []

  constructor(
    private readonly stream: ChangeStream<WindowState>,
    private readonly growth: Growth,
  ) {}

  *[Symbol.iterator](): Generator<StateRecord, void, undefined> {
    for (const record of this.stream) {
      const state = 'state' in record ? (record.state ?? null) : null
      const unsaved = this.growth.unsavedParts(state)
      if (unsaved === null) {
        yield { record, parts: [] }
        continue
      }
      // Of its parts only where they begin is needed later.
      this.written.push({ ...unsaved, parts: [] })
      yield { record: { ...record, state: undefined } as EngineRecord, parts: unsaved.parts }
    }
  }

  /** The step is safe: nothing of this is saved again unless it changes. @throws WindowingError snapshot-open */
  ack(): void {
    this.stream.ack()
    for (const parts of this.written) this.growth.saved(parts)
  }

  /** The step is lost: all of this is in the next one again. */
  abandon(): void {
    this.stream.abandon()
  }
}
