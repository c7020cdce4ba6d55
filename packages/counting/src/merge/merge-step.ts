import type { EngineHead } from '@card/windowing'
import type { WindowResult } from '../result.js'
import type { StateChanges } from '../saved/state-changes.js'
import type { SavedSources } from './sources.js'

/** What a merger keeps besides its windows. */
export interface MergerHead {
  readonly format: 1
  readonly engine: EngineHead
  /** Where the log of partials is read on. */
  readonly position: number
  readonly sources: SavedSources
  readonly published: PublishedSums
}

/** Results so far. */
export interface PublishedSums {
  /** Distinct (window, start, group). */
  readonly windows: number
  readonly early: number
  readonly final: number
  readonly corrected: number
}

/** Results in the order in which they are published. */
export interface Results {
  readonly results: readonly WindowResult[]
  /** There are more; what is called next but for this makes them all. */
  readonly more: boolean
}

/** Everything that came of merging since the step before, to be written as one. */
export interface MergeStep {
  readonly results: readonly WindowResult[]
  readonly position: number
  /** Null where the options say that the state is not saved. */
  readonly save: { readonly head: MergerHead; readonly changes: StateChanges } | null
}
