import type { Aggregate } from '../store/aggregate.js'
import type { SavedCell } from './saved.js'

/** A cell out of a snapshot, before it is linked. */
export interface LoadedCell<S> extends Omit<SavedCell<S>, 'events' | 'state' | 'links'> {
  events: number
  state: S | undefined
  /** events that coarser cells have of it, by their place */
  readonly links: Map<string, number>
}

/**
 * The cells of a snapshot, finer first, each window's in order of arrival.
 *
 * @param lengths mean length of each size, by its key
 * @param settle whether to bring everything coarser up to date, along the links as they were
 */
export function loadCells<S>(
  records: Iterable<SavedCell<S>>,
  lengths: Readonly<Record<string, number>>,
  aggregate: Aggregate<S>,
  settle: boolean,
): LoadedCell<S>[] {
  const cells = Array.from(records, (record) => ({
    ...record,
    state: record.state,
    links: new Map(record.links.map(([size, start, had]) => [`${size} ${start} ${record.group}`, had])),
  }))
  cells.sort((a, b) => lengths[a.size]! - lengths[b.size]! || a.start - b.start || a.order - b.order)
  if (settle) settleAll(cells, aggregate)
  return cells
}

function settleAll<S>(cells: readonly LoadedCell<S>[], aggregate: Aggregate<S>): void {
  const byPlace = new Map(cells.map((cell) => [`${cell.size} ${cell.start} ${cell.group}`, cell]))
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
}
