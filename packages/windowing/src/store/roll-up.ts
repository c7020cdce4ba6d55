import type { Aggregate } from './aggregate.js'
import type { Cell, Link } from './open-window.js'

/** Of cells without any: links to coarser ones, or an inbox. Never changed: an inbox of one begins anew. */
export const noLinks: never[] = []

/** Tells everything coarser that a cell changed. `onDirty` gets each cell that was unchanged since its last pane. */
export function touch<S>(cell: Cell<S>, onDirty: (cell: Cell<S>) => void): void {
  // Marked means: dirty, its links are all in inboxes, and so for everything coarser. Taking a link out or
  // publishing unmarks, so that the walk up happens once for each pane and not for each event.
  if (cell.marked) return
  cell.marked = true
  if (!cell.dirty) {
    cell.dirty = true
    onDirty(cell)
  }
  for (const link of cell.links) {
    post(link)
    touch(link.to, onDirty)
  }
}

/** Notes that a cell has something for the coarser one. */
export function post<S>(link: Link<S>): void {
  if (link.waiting) return
  link.waiting = true
  const { to } = link
  // Most inboxes hold one link. V8 makes room for 17 at the first push (2023), ten times what an array of one takes.
  if (to.inbox.length === 0) to.inbox = [link]
  else to.inbox.push(link)
}

/** Brings a cell up to date with everything finer. */
export function pull<S>(cell: Cell<S>, aggregate: Aggregate<S>): void {
  for (const link of cell.inbox) absorb(link, aggregate)
  cell.inbox = noLinks
}

/** Brings everything coarser up to date with a cell that is about to give up its state. */
export function hand<S>(cell: Cell<S>, aggregate: Aggregate<S>): void {
  for (const link of cell.links) {
    if (!link.waiting) continue
    absorb(link, aggregate)
    const { inbox } = link.to
    // The oldest window is given up first: mostly its link is the first, however many wait.
    if (inbox.length === 1) link.to.inbox = noLinks
    else inbox.splice(inbox.indexOf(link), 1)
  }
}

/** Users by union, which may be repeated; events by the difference since the last time. */
function absorb<S>(link: Link<S>, aggregate: Aggregate<S>): void {
  const { from, to } = link
  pull(from, aggregate)
  link.waiting = false
  from.marked = false
  from.saved = false
  to.saved = false
  to.events += from.events - link.events
  link.events = from.events
  if (from.state === undefined) return
  if (to.state === undefined) to.state = aggregate.copy(from.state)
  else aggregate.merge(to.state, from.state)
}
