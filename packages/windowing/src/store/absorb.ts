import type { EngineCore } from '../engine/core.js'
import type { Cell } from './open-window.js'
import { none } from './roll-up.js'

/** What one partition has in a base window and group, counted elsewhere. */
export interface Partial<S> {
  readonly partition: number
  /** a time in the window */
  readonly start: number
  readonly group: number
  readonly state: S
  /** so far */
  readonly events: number
  /** the state may be kept */
  readonly owned: boolean
}

/** Merges a partial into a base window; false if it has dropped its state. */
export function absorb<S>(core: EngineCore<S>, partial: Partial<S>): boolean {
  const { store, watermarks, options } = core
  const { start, group, state, owned } = partial
  const { assigner } = core.base
  assigner.locate(start)
  const { end } = assigner
  if (end - 1 + options.allowedLateness <= watermarks.combined || end - 1 <= core.closedUntil) return false
  let cell = store.open.find(assigner.start, group)
  if (cell === undefined) {
    const own = owned ? state : options.aggregate.copy(state)
    cell = store.cell(assigner.start, group, watermarks.combined, own)
  } else {
    options.aggregate.merge(cell.state as S, state)
  }
  const added = absorbEvents(cell, partial.partition, partial.events)
  // The total of a window comes in partials of its own. A partial that came before changes nothing.
  if (added > 0) store.grow(cell, added)
  // A large state comes in pieces, of which only the last one tells of events: what came before is saved with it, or earlier.
  else store.log.cells.note(cell)
  // Where corrections come out at each event, this one is due at once.
  if (store.schedule.follow(watermarks.combined)) core.due = true
  return true
}

/** Notes the events of a partition so far; returns how many of them are new. */
function absorbEvents(cell: Cell<unknown>, partition: number, events: number): number {
  if (cell.absorbed === none) cell.absorbed = []
  const { absorbed } = cell
  for (let at = 0; at < absorbed.length; at += 2) {
    if (absorbed[at] !== partition) continue
    const added = Math.max(0, events - absorbed[at + 1]!)
    absorbed[at + 1]! += added
    return added
  }
  absorbed.push(partition, events)
  return events
}
