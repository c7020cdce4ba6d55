import type { Assigner } from '../time/assigner.js'
import type { WindowSize } from '../time/size.js'
import type { RollingStateOptions } from './rolling-state.js'

/** The last `count` windows of a size, at the end of each: `{ every: day, count: 30 }` is the last 30 days, each day. */
export interface RollingView {
  /** names the view in panes; unique among sizes and views */
  readonly name: string
  /** the step; it need not be published itself */
  readonly every: WindowSize
  /** steps in the view, a whole number from 2 */
  readonly count: number
}

/** What `RollingPanes` shares with the windows whose panes it takes. */
export interface RollingOptions<S>
  extends Pick<RollingStateOptions<S>, 'aggregate' | 'lateness' | 'live' | 'log'> {
  /** position among sizes and views, for the order of panes */
  readonly index: number
  /** the assigner of the view's step */
  readonly step: Assigner
}
