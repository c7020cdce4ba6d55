import type { Cell, OpenWindow } from '../store/open-window.js'

/** Entries at first, and at most; powers of two. */
const leastEntries = 1024
const mostEntries = 262_144

/**
 * The cells of the last groups, by their ids: a look into an array is several times faster than one into the map of a window.
 * It grows as long as groups drive each other out.
 */
export class RecentCells<S> {
  private entries = entriesOf<S>(leastEntries)
  private driven = 0

  /** The cell of a group in a window. */
  find(window: OpenWindow<S>, group: number): Cell<S> | undefined {
    const { entries } = this
    const at = group & (entries.length - 1)
    const recent = entries[at]
    if (recent !== undefined && recent.group === group && recent.window === window) return recent
    const cell = window.cells.get(group)
    if (cell === undefined) return undefined
    entries[at] = cell
    if (recent !== undefined && recent.group !== group && ++this.driven > entries.length) this.grow()
    return cell
  }

  /** Forgets everything, so that the states of dropped windows are not kept. */
  clear(): void {
    this.entries.fill(undefined)
    this.driven = 0
  }

  private grow(): void {
    this.driven = 0
    if (this.entries.length < mostEntries) this.entries = entriesOf(4 * this.entries.length)
  }
}

function entriesOf<S>(count: number): (Cell<S> | undefined)[] {
  return new Array(count).fill(undefined)
}
