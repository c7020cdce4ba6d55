import type { Aggregate } from './aggregate.js'
import type { ChangeList } from './change-list.js'
import type { Cell, Link } from './open-window.js'

/** Of cells without any: links to coarser ones, an inbox, absorbed events. Never changed: a cell that needs one gets its own. */
export const none: never[] = []

/** Merges finer windows into coarser ones on demand. */
export class RollUp<S> {
  /**
   * @param changes lists cells that merging changes
   * @param onDirty gets each cell that was unchanged since its last pane
   */
  constructor(
    private readonly aggregate: Aggregate<S>,
    private readonly changes: ChangeList<Cell<S>>,
    private readonly onDirty: (cell: Cell<S>) => void,
  ) {}

  /** Tells everything coarser that a cell changed. */
  mark(cell: Cell<S>): void {
    // Marked means: dirty, its links are all in inboxes, and so for everything coarser. Taking a link out or
    // publishing unmarks, so that the walk up happens once for each pane and not for each event.
    if (cell.marked) return
    cell.marked = true
    if (!cell.dirty) {
      cell.dirty = true
      this.onDirty(cell)
    }
    for (const link of cell.links) {
      enqueue(link)
      this.mark(link.to)
    }
  }

  /** Brings a cell up to date with everything finer. */
  update(cell: Cell<S>): void {
    for (const link of cell.inbox) this.merge(link)
    cell.inbox = none
  }

  /** Brings everything coarser up to date with a cell that is about to drop its state. */
  pushUp(cell: Cell<S>): void {
    for (const link of cell.links) {
      if (!link.waiting) continue
      this.merge(link)
      const { inbox } = link.to
      // The oldest window is dropped first, so its link is nearly always the first.
      if (inbox.length === 1) link.to.inbox = none
      else inbox.splice(inbox.indexOf(link), 1)
    }
  }

  /** Users by union, which may be repeated; events by the difference since the last time. */
  private merge(link: Link<S>): void {
    const { from, to } = link
    this.update(from)
    link.waiting = false
    from.marked = false
    this.changes.note(from)
    this.changes.note(to)
    to.events += from.events - link.events
    link.events = from.events
    if (from.state === undefined) return
    if (to.state === undefined) to.state = this.aggregate.copy(from.state)
    else this.aggregate.merge(to.state, from.state)
  }
}

/** Notes that a cell has something for the coarser one. */
export function enqueue<S>(link: Link<S>): void {
  if (link.waiting) return
  link.waiting = true
  const { to } = link
  // Most inboxes hold one link. V8 makes room for 17 at the first push (2023), ten times what an array of one takes.
  if (to.inbox.length === 0) to.inbox = [link]
  else to.inbox.push(link)
}
