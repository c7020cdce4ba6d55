import { groupOf, nameOf } from '../guard/guard-record.js'
import type { Aggregate } from '../store/aggregate.js'
import type { Cell } from '../store/open-window.js'
import { sizeKey } from '../time/size.js'
import type { CellRecord, GroupNames, WindowingSnapshot } from './snapshot.js'

/** A cell out of a snapshot, before it is linked. */
export interface LoadedCell<S> {
  /** its name in the snapshot */
  readonly key: string
  readonly size: string
  readonly start: number
  readonly group: number
  readonly order: number
  events: number
  readonly shown: number
  readonly revision: number
  readonly fired: boolean
  state: S | undefined
  readonly links: Map<string, number>
}

/** The name of a cell in snapshots. */
export function cellKey(size: string, start: number, group: number, names: GroupNames | undefined): string {
  return JSON.stringify([size, start, nameOf(group, names)])
}

/** A cell as plain data. */
export function saveCell<S>(cell: Cell<S>, aggregate: Aggregate<S>): CellRecord {
  const { order, window, events, shown, revision, fired, links, state } = cell
  return {
    order,
    end: window.end,
    events,
    shown,
    revision,
    fired,
    links: links.map((link) => [sizeKey(link.to.window.size.size), link.to.window.start, link.events]),
    ...(state === undefined ? {} : { state: aggregate.save(state) }),
  }
}

/**
 * The cells of a snapshot, finer first, each window's in order of arrival.
 *
 * @param settle whether to bring everything coarser up to date, along the links as they were
 */
export function loadCells<S>(
  snapshot: WindowingSnapshot,
  names: GroupNames | undefined,
  aggregate: Aggregate<S>,
  settle: boolean,
): LoadedCell<S>[] {
  const byPlace = new Map<string, LoadedCell<S>>()
  for (const [key, record] of Object.entries(snapshot.cells)) {
    if (record === null) continue
    const [size, start, name] = JSON.parse(key) as [string, number, string | number]
    const { state, links, order, events, shown, revision, fired } = record
    const group = groupOf(name, names)
    byPlace.set(`${size} ${start} ${group}`, {
      key,
      size,
      start,
      group,
      order,
      events,
      shown,
      revision,
      fired,
      state: 'state' in record ? aggregate.load(state) : undefined,
      links: new Map(links.map(([to, at, had]) => [`${to} ${at} ${group}`, had])),
    })
  }
  const cells = [...byPlace.values()].sort(
    (a, b) => snapshot.sizes[a.size]! - snapshot.sizes[b.size]! || a.start - b.start || a.order - b.order,
  )
  if (!settle) return cells
  for (const cell of cells) {
    for (const [place, had] of cell.links) {
      const to = byPlace.get(place)
      if (to === undefined || cell.events === had) continue
      to.events += cell.events - had
      if (cell.state === undefined) continue
      if (to.state === undefined) to.state = aggregate.copy(cell.state)
      else aggregate.merge(to.state, cell.state)
    }
  }
  return cells
}
