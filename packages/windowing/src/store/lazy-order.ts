import { type Pause, paced } from './pauses.js'

/**
 * Those of the items that are kept, in order, one at a time, and pauses before the first: a heap, so that the first comes
 * after linear work and a caller who stops early has not waited for a whole sort.
 *
 * @param compare null: in the order they come
 */
export function* lazyOrder<T extends number | object>(
  items: Iterable<T>,
  keeps: (item: T) => boolean,
  compare: ((a: T, b: T) => number) | null,
): Generator<T | Pause, void, undefined> {
  const heap: T[] = []
  yield* paced(items, (item) => {
    if (keeps(item)) heap.push(item)
  })
  if (compare === null) {
    yield* heap
    return
  }
  yield* paced(downFrom((heap.length >> 1) - 1), (at) => sink(heap, at, compare))
  while (heap.length > 0) {
    const first = heap[0]!
    const last = heap.pop()!
    if (heap.length > 0) {
      heap[0] = last
      sink(heap, 0, compare)
    }
    yield first
  }
}

function* downFrom(from: number): Generator<number, void, undefined> {
  for (let at = from; at >= 0; at--) yield at
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
