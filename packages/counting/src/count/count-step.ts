import type { CounterSave } from '../saved/counter-head.js'
import type { Partial, Progress } from './partial.js'
import type { RefusedRow } from './refused-rows.js'
import type { TimeWarning } from './time-watch.js'

/** Everything that came of counting since the step before, to be written as one. */
export interface CountStep {
  /** In the order in which they must be absorbed. */
  readonly partials: readonly Partial[]
  readonly progress: Progress
  /** Whether the progress says more than that of the step before. */
  readonly isProgressNew: boolean
  readonly refused: readonly RefusedRow[]
  readonly warnings: readonly TimeWarning[]
  /** Null where the options say that the state is not saved. */
  readonly save: CounterSave | null
}
