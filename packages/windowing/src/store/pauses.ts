/** Yielded after a while of work without a result, so that the caller can do something else first. */
export type Pause = undefined

/** Items that are visited between two pauses: a few milliseconds, also where each is compared with others. */
const itemsAtOnce = 2048

/** Visits items, with a pause after a number of them. */
export function* paced<T>(items: Iterable<T>, visit: (item: T) => void): Generator<Pause, void, undefined> {
  let left = itemsAtOnce
  for (const item of items) {
    visit(item)
    if (--left > 0) continue
    left = itemsAtOnce
    yield undefined
  }
}

/** The results without the pauses. */
export function* withoutPauses<T>(steps: Iterable<T | Pause>): Generator<T, void, undefined> {
  for (const step of steps) if (step !== undefined) yield step
}
