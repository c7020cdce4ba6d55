import type { Aggregate } from './aggregate.js'
import type { Cell, Link } from './open-window.js'

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
    link.to.inbox.add(link)
    touch(link.to, onDirty)
  }
}

/** Brings a cell up to date with everything finer. */
export function pull<S>(cell: Cell<S>, aggregate: Aggregate<S>): void {
  for (const link of cell.inbox) absorb(link, aggregate)
}

/** Brings everything coarser up to date with a cell that is about to give up its state. */
export function hand<S>(cell: Cell<S>, aggregate: Aggregate<S>): void {
  for (const link of cell.links) if (link.to.inbox.has(link)) absorb(link, aggregate)
}

/** Users by union, which may be repeated; events by the difference since the last time. */
function absorb<S>(link: Link<S>, aggregate: Aggregate<S>): void {
  const { from, to } = link
  pull(from, aggregate)
  to.inbox.delete(link)
  from.marked = false
  from.saved = false
  to.saved = false
  to.events += from.events - link.events
  link.events = from.events
  if (from.state === undefined) return
  if (to.state === undefined) to.state = aggregate.copy(from.state)
  else aggregate.merge(to.state, from.state)
}
