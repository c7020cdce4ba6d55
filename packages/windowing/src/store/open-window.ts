import type { PlannedSize } from '../time/plan.js'

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
}

/** What one window holds for one group. */
export interface Cell<S> {
  readonly window: OpenWindow<S>
  readonly group: number
  /** the slot of a base cell; -1 in coarser windows, which take no events */
  readonly slot: number
  /** undefined until something is merged into it */
  state: S | undefined
  /** the coarser windows that hold this one */
  links: readonly Link<S>[]
  /** links of finer cells that changed since they were merged into this one */
  inbox: Link<S>[]
  events: number
  /** events at the last pane */
  shown: number
  /** of the next pane */
  revision: number
  /** its on-time pane has come out, or it began too late to have one */
  fired: boolean
  /** changed since its last pane */
  dirty: boolean
  /** its change is known to everything coarser */
  marked: boolean
  /** place among the groups of the window, by arrival */
  readonly order: number
  /** its name in snapshots; undefined until it is in one */
  key: string | undefined
  /** unchanged since the last snapshot */
  saved: boolean
}

/** From a finer cell to a coarser one that holds it. */
export interface Link<S> {
  readonly from: Cell<S>
  readonly to: Cell<S>
  /** events of `from` that `to` has already */
  events: number
  /** in the inbox */
  waiting: boolean
}
