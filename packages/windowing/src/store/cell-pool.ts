import type { Aggregate } from './aggregate.js'
import type { Cell, OpenWindow } from './open-window.js'

/**
 * Cells of windows that are over, for windows to come. Many groups mean that each window begins about as many cells as
 * another one gives up. Left to the garbage collector these would be old by then: the heap would double before it looks at
 * them.
 *
 * A pooled cell keeps its links and, where the aggregate can clear it, its state.
 */
export class CellPool<S> {
  /** cells of each size that are ready for use */
  private readonly ready: Cell<S>[][]
  /** cells whose states may still be in panes that the caller has not read */
  private spent: Cell<S>[] = []

  /** @param sizes how many sizes there are */
  constructor(
    private readonly aggregate: Aggregate<S>,
    sizes: number,
  ) {
    this.ready = Array.from({ length: sizes }, () => [])
  }

  /** A cell of a window of this size that is over, with an empty state or none. */
  take(size: number): Cell<S> | undefined {
    return this.ready[size]!.pop()
  }

  /** Takes the cells of a window that is over, as many as make the pool of its size hold what the window held. */
  give({ size, cells }: OpenWindow<S>): void {
    const ready = this.ready[size.index]!
    if (ready.length > cells.size) ready.length = cells.size
    let room = cells.size - ready.length
    for (const cell of cells.values()) {
      if (room-- === 0) return
      this.spent.push(cell)
    }
  }

  /** Panes that came out before are read: what was given since can be used. */
  settle(): void {
    const { spent } = this
    if (spent.length === 0) return
    this.spent = []
    for (const cell of spent) {
      if (this.aggregate.clear === undefined || cell.state === undefined) cell.state = undefined
      else this.aggregate.clear(cell.state)
      this.ready[cell.window.size.index]!.push(cell)
    }
  }
}
