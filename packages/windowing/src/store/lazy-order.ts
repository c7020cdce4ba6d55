/**
 * The items in order, one at a time: a heap, so that the first comes after linear work and a caller who stops early, or
 * pauses in between, has not waited for a whole sort.
 */
export function* lazyOrder<T>(items: T[], compare: (a: T, b: T) => number): Generator<T> {
  for (let at = (items.length >> 1) - 1; at >= 0; at--) sink(items, at, compare)
  while (items.length > 0) {
    const first = items[0]!
    const last = items.pop()!
    if (items.length > 0) {
      items[0] = last
      sink(items, 0, compare)
    }
    yield first
  }
}

function sink<T>(items: T[], from: number, compare: (a: T, b: T) => number): void {
  const item = items[from]!
  let at = from
  for (;;) {
    let down = 2 * at + 1
    if (down >= items.length) break
    if (down + 1 < items.length && compare(items[down + 1]!, items[down]!) < 0) down++
    if (compare(items[down]!, item) >= 0) break
    items[at] = items[down]!
    at = down
  }
  items[at] = item
}
