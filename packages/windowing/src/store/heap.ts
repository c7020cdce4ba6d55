import type { OpenWindow } from './open-window.js'

/** A binary heap of windows by end, then by size: the order in which they fire and drop their state. */
export class WindowHeap<S> {
  private readonly items: OpenWindow<S>[] = []

  /** The window that ends first. */
  get top(): OpenWindow<S> | undefined {
    return this.items[0]
  }

  push(item: OpenWindow<S>): void {
    const { items } = this
    let at = items.length
    items.push(item)
    while (at > 0) {
      const up = (at - 1) >> 1
      if (!before(item, items[up]!)) break
      items[at] = items[up]!
      at = up
    }
    items[at] = item
  }

  pop(): OpenWindow<S> | undefined {
    const { items } = this
    const first = items[0]
    const last = items.pop()
    if (last === undefined || items.length === 0) return first
    let at = 0
    for (;;) {
      let down = 2 * at + 1
      if (down >= items.length) break
      if (down + 1 < items.length && before(items[down + 1]!, items[down]!)) down++
      if (!before(items[down]!, last)) break
      items[at] = items[down]!
      at = down
    }
    items[at] = last
    return first
  }
}

function before(a: OpenWindow<unknown>, b: OpenWindow<unknown>): boolean {
  return a.end < b.end || (a.end === b.end && a.size.index < b.size.index)
}
