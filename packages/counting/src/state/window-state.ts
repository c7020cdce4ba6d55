import {
  AdaptiveCounter,
  type DistinctCounter,
  ExactCounter,
  HyperLogLog,
  LinearCounting,
  UltraLogLog,
} from '@card/estimators'
import type { Aggregate } from '@card/windowing'

/** How distinct keys are counted. */
export type CounterOptions =
  | { readonly estimator: 'auto'; readonly exactLimit: number; readonly precision: number }
  | { readonly estimator: 'exact' }
  | { readonly estimator: 'linear'; readonly bits: number }
  | { readonly estimator: 'hll' | 'ull'; readonly precision: number }
  /** There is no key: only events are counted. */
  | { readonly estimator: 'events' }

/** Distinct counters as window states; null where only events are counted. */
export type WindowState = DistinctCounter | null

/** How the windowing engine handles a window's state; `save` returns canonical bytes. */
export function counterAggregate(options: CounterOptions): Aggregate<WindowState> {
  const create = factory(options)
  return {
    create,
    merge(into, from) {
      if (into !== null && from !== null) into.merge(from)
    },
    copy: (state) => copyOf(state, create),
    save: (state) => state?.toCanonicalBytes() ?? null,
    load: (data) => (data === null ? null : loader(options)(data as Uint8Array)),
    measure: (state) => state?.memoryBytes() ?? 0,
  }
}

/** The same for an engine whose panes are read before its next call: states of windows that are over are used again. */
export function reusingAggregate(options: CounterOptions): Aggregate<WindowState> {
  return { ...counterAggregate(options), clear: (state) => state?.clear() }
}

/** The canonical HLL_8 image of what a counter holds, at this precision. */
export function hllImage(state: DistinctCounter, precision: number): Uint8Array {
  if (state instanceof HyperLogLog) return state.toCanonicalBytes()
  return (state as ExactCounter | AdaptiveCounter).toHllImage(precision)
}

/** A copy without the order of insertion, which whoever follows the growth of the copy begins anew. */
function copyOf(state: WindowState, create: () => WindowState): WindowState {
  if (state === null) return null
  // A sketch has no order. What an empty exact counter takes over is copied as it is, without the order.
  if (!('delta' in state) || state.estimator !== 'exact') return state.clone()
  const copy = create()!
  copy.merge(state)
  return copy
}

function factory(options: CounterOptions): () => WindowState {
  switch (options.estimator) {
    case 'auto':
      return () => new AdaptiveCounter({ exactLimit: options.exactLimit, precision: options.precision })
    case 'exact':
      return () => new ExactCounter()
    case 'linear':
      return () => new LinearCounting({ bits: options.bits })
    case 'hll':
      return () => new HyperLogLog({ precision: options.precision })
    case 'ull':
      return () => new UltraLogLog({ precision: options.precision })
    case 'events':
      return () => null
  }
}

function loader({ estimator }: CounterOptions): (bytes: Uint8Array) => WindowState {
  switch (estimator) {
    case 'auto':
      return AdaptiveCounter.from
    case 'exact':
      return ExactCounter.from
    case 'linear':
      return LinearCounting.from
    case 'hll':
      return HyperLogLog.from
    case 'ull':
      return UltraLogLog.from
    case 'events':
      return () => null
  }
}
