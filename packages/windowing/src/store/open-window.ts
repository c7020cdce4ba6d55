import type { PlannedSize } from '../time/plan.js'
import type { Tracked } from './change-list.js'

/** A window that holds state, with a cell for each group. */
export interface OpenWindow<S> {
  readonly size: PlannedSize
  readonly start: number
  readonly end: number
  readonly cells: Map<number, Cell<S>>
  /** the cell that takes the events of all groups; undefined without totals */
  total: Cell<S> | undefined
  /** cells begun so far */
  began: number
  /** it has dropped its state */
  closed: boolean
  /** its cells are in a list that is still walked, and so not to be used again */
  pinned: boolean
}

/** What one window holds for one group. Reused for another window when its own is over. */
export interface Cell<S> extends Tracked {
  window: OpenWindow<S>
  group: number
  /** the slot of a base cell; -1 in coarser windows, which take no events */
  slot: number
  /** undefined, or empty, until something is merged into it */
  state: S | undefined
  /** the coarser windows that hold this one */
  links: readonly Link<S>[]
  /** links of finer cells that changed since they were merged into this one */
  inbox: Link<S>[]
  events: number
  /** events absorbed of each partition: partition, events, partition, events, ... */
  absorbed: number[]
  /** events at the last pane */
  shown: number
  /** of the next pane */
  revision: number
  /** its on-time pane has come out, or it began too late to have one */
  fired: boolean
  /** it came out before the watermark had passed its end */
  announced: boolean
  /** changed since its last pane */
  dirty: boolean
  /** its change is known to everything coarser */
  marked: boolean
  /** place among the groups of the window, by arrival */
  order: number
}

/** From a finer cell to a coarser one that holds it. */
export interface Link<S> {
  readonly from: Cell<S>
  to: Cell<S>
  /** events of `from` that `to` has already */
  events: number
  /** in the inbox */
  waiting: boolean
}
