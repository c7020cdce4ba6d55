import type { Result, ResultName } from './result.js'

/**
 * Keeps the newest revision of each result, for readers of a topic or a file: a higher revision replaces a lower one, in
 * whatever order they come; of equal ones the later, since a restart without state counts from 0 again.
 */
export class LatestResults {
  // Nested rather than by one text for all: a reader asks for the windows of one size, and forgets by it.
  readonly #windows = new Map<string, Map<number, Map<string, Result>>>()
  #size = 0

  /** How many results are kept. */
  get size(): number {
    return this.#size
  }

  /** Takes a result; false: a higher revision is there already, and nothing changes. */
  add(result: Result): boolean {
    const starts = entry(this.#windows, result.window, () => new Map<number, Map<string, Result>>())
    const groups = entry(starts, result.start, () => new Map<string, Result>())
    const key = groupKey(result)
    const known = groups.get(key)
    if (known !== undefined && known.revision > result.revision) return false
    if (known === undefined) this.#size++
    groups.set(key, result)
    return true
  }

  /** The newest revision of a result, if one has come. */
  get(name: ResultName): Result | undefined {
    return this.#windows.get(name.window)?.get(name.start)?.get(groupKey(name))
  }

  /** The newest revisions, or those of one window size; starts and groups in the order in which they first came. */
  *values(window?: string): Generator<Result> {
    const windows = window === undefined ? [...this.#windows.keys()] : [window]
    for (const name of windows) {
      for (const groups of this.#windows.get(name)?.values() ?? []) yield* groups.values()
    }
  }

  /** Forgets the results of windows that ended at or before this, ms since the epoch, so that memory stays bounded. */
  forget(until: number, window?: string): void {
    for (const [name, starts] of this.#windows) {
      if (window !== undefined && name !== window) continue
      for (const [start, groups] of starts) {
        const [first] = groups.values()
        if (first === undefined || first.end > until) continue
        starts.delete(start)
        this.#size -= groups.size
      }
      if (starts.size === 0) this.#windows.delete(name)
    }
  }
}

/** Distinct for the null group, the total, and a group of any text. */
function groupKey({ group, total }: ResultName): string {
  return total === true ? 'total' : group === null ? 'null' : `=${group}`
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) {
    value = make()
    map.set(key, value)
  }
  return value
}
