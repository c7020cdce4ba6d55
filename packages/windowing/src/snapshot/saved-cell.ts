import type { Held, NextRevision } from '../rolling/rolling-parts.js'
import type { Cell } from '../store/open-window.js'
import { sizeKey } from '../time/size.js'
import type { SavedCell, SavedRevision, SavedStep } from './saved.js'

/** A cell as a snapshot holds it, with its live state. */
export function savedCell<S>(cell: Cell<S>): SavedCell<S> {
  const { window, group, order, events, shown, revision, announced, absorbed, state } = cell
  const links = cell.links.map(
    (link) => [sizeKey(link.to.window.size.size), link.to.window.start, link.events] as const,
  )
  return {
    kind: 'cell',
    size: sizeKey(window.size.size),
    start: window.start,
    end: window.end,
    group,
    order,
    events,
    shown,
    revision,
    announced,
    links,
    absorbed,
    state,
  }
}

/** What a step holds for a group, with its live state. */
export function savedStep<S>({ part, group, events, changedAt, state }: Held<S>): SavedStep<S> {
  const { view, start, end } = part
  return { kind: 'step', view, start, end, group, events, changed: changedAt > 0, state }
}

/** The next revision of a view for a group. */
export function savedRevision({ view, end, group, revision, announced }: NextRevision): SavedRevision {
  return { kind: 'revision', view, end, group, revision, announced }
}
