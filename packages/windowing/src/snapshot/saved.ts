/** What a window holds for a group, as a snapshot has it. `S` is the state, `G` names groups: ids, or names in plain data. */
export interface SavedCell<S, G = number> {
  readonly kind: 'cell'
  /** tells sizes apart by what they are, whatever their names */
  readonly size: string
  /** first ms of the window */
  readonly start: number
  /** first ms after the window */
  readonly end: number
  readonly group: G
  /** place among the groups of its window, by arrival */
  readonly order: number
  readonly events: number
  /** events at its last pane */
  readonly shown: number
  /** of its next pane, from 0 */
  readonly revision: number
  /** it came out before the watermark had passed its end */
  readonly announced: boolean
  /** coarser cells that hold it: size, start, and the events they have of it */
  readonly links: readonly (readonly [size: string, start: number, events: number])[]
  /** events absorbed of each partition: partition, events, partition, events, ... */
  readonly absorbed: readonly number[]
  /** undefined: nothing was merged into it yet */
  readonly state?: S | undefined
}

/** What a step of a rolling view holds for a group. */
export interface SavedStep<S, G = number> {
  readonly kind: 'step'
  readonly view: string
  readonly start: number
  readonly end: number
  readonly group: G
  readonly events: number
  /** views that came out are not yet corrected by it */
  readonly changed: boolean
  readonly state?: S | undefined
}

/** The next revision of a rolling view for a group. */
export interface SavedRevision<G = number> {
  readonly kind: 'revision'
  readonly view: string
  readonly end: number
  readonly group: G
  readonly revision: number
  readonly announced: boolean
}

/** A window (by size and start), a step (by view and start) or revisions (by view and end) with all groups are no more. */
export interface Forgotten {
  readonly kind: 'forgotten'
  readonly what: 'window' | 'step' | 'revisions'
  /** the size or the view */
  readonly of: string
  /** ms */
  readonly at: number
}

/** One record of a snapshot. */
export type Saved<S, G = number> = SavedCell<S, G> | SavedStep<S, G> | SavedRevision<G> | Forgotten
