import type { Cell, Link } from '../store/open-window.js'
import type { OpenWindows } from '../store/open-windows.js'
import { enqueue } from '../store/roll-up.js'
import { sizeKey } from '../time/size.js'
import { type LoadedCell, loadCells } from './load-cells.js'
import type { SavedCell } from './saved.js'

/**
 * Fills new open windows with the cells of a snapshot, whose states it takes over. The sizes may have changed above the
 * base: windows of new ones begin with what finer windows still hold.
 *
 * @param lengths mean length of each size of the snapshot, by its key
 */
export function loadWindows<S>(
  open: OpenWindows<S>,
  records: Iterable<SavedCell<S>>,
  lengths: Readonly<Record<string, number>>,
  watermark: number,
): void {
  const sizes = new Map(open.plan.map((size) => [sizeKey(size.size), size]))
  const saved = Object.keys(lengths)
  const same = sizes.size === saved.length && saved.every((key) => sizes.has(key))
  const loaded = new Map<Cell<S>, LoadedCell<S>>()
  // With other sizes the links change, so everything coarser is first brought up to date along the old ones.
  for (const from of loadCells(records, lengths, open.aggregate, !same)) {
    const size = sizes.get(from.size)
    if (size === undefined) {
      open.log.forget('window', from.size, from.start)
      continue
    }
    const window = open.window(size, from.start, watermark)
    // No panes are due in a snapshot: the windows that have fired are those that the watermark has passed.
    const cell = open.make(window, from.group, window.end - 1 <= watermark)
    const { events, absorbed, shown, revision, announced, state } = from
    Object.assign(cell, { events, absorbed: [...absorbed], shown, revision, announced, state })
    if (same) open.log.cells.addSaved(cell)
    else open.log.cells.add(cell)
    loaded.set(cell, from)
  }
  for (const size of open.plan) {
    for (const cell of open.cells(size)) {
      if (!loaded.has(cell)) {
        // Of a size that the snapshot did not have: what it holds of ended windows is not published until it changes.
        open.log.cells.add(cell)
        open.rollUp.update(cell)
        if (cell.fired) cell.shown = cell.events
      }
      linkUp(open, cell, loaded, same, watermark)
      cell.dirty = cell.events !== cell.shown || cell.inbox.length > 0
    }
  }
}

/** Links a cell to everything coarser, which is up to date with it as far as the snapshot says. */
function linkUp<S>(
  open: OpenWindows<S>,
  cell: Cell<S>,
  loaded: Map<Cell<S>, LoadedCell<S>>,
  same: boolean,
  watermark: number,
): void {
  const { window, group } = cell
  cell.links = window.size.coarser.map((coarser) => {
    const parent = open.window(coarser, window.start, watermark)
    const to = parent.cells.get(group) ?? open.make(parent, group, parent.end - 1 <= watermark)
    let events = 0
    if (loaded.has(to)) events = same ? (loaded.get(cell)?.links.get(placeOf(to)) ?? 0) : cell.events
    const link: Link<S> = { from: cell, to, events, waiting: false }
    if (events !== cell.events || cell.inbox.length > 0) enqueue(link)
    return link
  })
}

/** A cell's place, as `LoadedCell.links` names it. */
function placeOf({ window, group }: Cell<unknown>): string {
  return `${sizeKey(window.size.size)} ${window.start} ${group}`
}
