import { AdaptiveCounter, type DistinctCounter, ExactCounter, HyperLogLog } from '@card/estimators'
import type { Aggregate } from '@card/windowing'

/** How distinct keys are counted. */
export interface CounterOptions {
  /** `events`: there is no key, only events are counted. */
  readonly estimator: 'auto' | 'exact' | 'hll' | 'events'
  readonly exactLimit: number
  /** Of the HyperLogLog sketches, 4 to 21. */
  readonly precision: number
}

/** The least precision from 4 to 21 whose standard error, 1.0390 / sqrt(2^p) (Ertl 2017), is at most this. */
export function precisionForError(percent: number): number {
  for (let precision = 4; precision < 21; precision++) {
    if (1.039 / Math.sqrt(2 ** precision) <= percent / 100) return precision
  }
  return 21
}

/** Distinct counters as window states; null where only events are counted. */
export type WindowState = DistinctCounter | null

/** What the windowing engine needs to know of a window's state. */
export function counterAggregate(options: CounterOptions): Aggregate<WindowState> {
  const create = factory(options)
  return {
    create,
    merge(into, from) {
      if (into !== null && from !== null) into.merge(from)
    },
    copy: (state) => state?.clone() ?? null,
    save: (state) => state?.toCanonicalBytes() ?? null,
    load(data) {
      if (data === null) return null
      const bytes = data as Uint8Array
      if (options.estimator === 'auto') return AdaptiveCounter.from(bytes)
      return options.estimator === 'exact' ? ExactCounter.from(bytes) : HyperLogLog.from(bytes)
    },
    measure: (state) => state?.memoryBytes() ?? 0,
  }
}

function factory({ estimator, exactLimit, precision }: CounterOptions): () => WindowState {
  switch (estimator) {
    case 'auto':
      return () => new AdaptiveCounter({ exactLimit, precision })
    case 'exact':
      return () => new ExactCounter()
    case 'hll':
      return () => new HyperLogLog({ precision })
    case 'events':
      return () => null
  }
}
