import type { Aggregate } from '../store/aggregate.js'
import type { Tracked } from '../store/change-list.js'

/** What one step holds for each group, kept while a view that covers it can change. */
export interface Part<S> {
  /** the view, as snapshots name it */
  readonly view: string
  readonly start: number
  readonly end: number
  /** the end of the last view that covers the step */
  readonly lastEnd: number
  readonly groups: Map<number, Held<S>>
  /** forgotten: it is in no snapshot any more */
  closed: boolean
}

/** What a step holds for one group. */
export interface Held<S> extends Tracked {
  readonly part: Part<S>
  readonly group: number
  state: S | undefined
  events: number
  /** when it last changed, by the count of changes of the view; 0: views that came out are up to date with it */
  changedAt: number
}

/** The next revision of a view for one group. */
export interface NextRevision extends Tracked {
  /** the view, as snapshots name it */
  readonly view: string
  readonly end: number
  readonly group: number
  revision: number
  /** it came out before the watermark had passed its end */
  announced: boolean
  /** the view's count of changes when it last came out */
  publishedAt: number
  closed: boolean
}

/** What steps hold for a group together, in a state of its own. */
export function unionOf<S>(
  parts: Iterable<Part<S>>,
  group: number,
  aggregate: Aggregate<S>,
): { readonly state: S | undefined; readonly events: number } {
  let state: S | undefined
  let events = 0
  for (const part of parts) {
    const held = part.groups.get(group)
    if (held === undefined) continue
    events += held.events
    if (state === undefined) state = held.state === undefined ? undefined : aggregate.copy(held.state)
    else if (held.state !== undefined) aggregate.merge(state, held.state)
  }
  return { state, events }
}
