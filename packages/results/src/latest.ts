import { check, checkName, checkOptions, checkResult } from './checks.js'
import type { Result, ResultName } from './result.js'

/**
 * Keeps the newest revision of each result, for readers of a topic or a file. A higher revision replaces a lower one, in
 * whatever order they arrive; of equal revisions the later one wins, because a restart without state counts from 0 again.
 */
export class LatestResults {
  // Nested maps rather than one combined key: readers ask for, and forget, the windows of one size.
  readonly #windows = new Map<string, Map<number, Map<string, Result>>>()
  #size = 0

  /** @throws ResultsError bad-option: there are no options */
  constructor(options: Readonly<Record<string, never>> = {}) {
    checkOptions('LatestResults', options, [])
  }

  /** How many results are kept. */
  get size(): number {
    return this.#size
  }

  /**
   * Adds a result. Returns false, and changes nothing, if a higher revision is already there.
   *
   * @throws ResultsError not-object, missing-field, bad-field
   */
  add(result: Result): boolean {
    checkResult('add', result)
    const starts = entry(this.#windows, result.window, () => new Map<number, Map<string, Result>>())
    const groups = entry(starts, result.start, () => new Map<string, Result>())
    const key = groupKey(result)
    const known = groups.get(key)
    if (known !== undefined && known.revision > result.revision) return false
    if (known === undefined) this.#size++
    groups.set(key, result)
    return true
  }

  /** The newest revision of a result, if one has come. @throws ResultsError not-object, missing-field, bad-field */
  get(name: ResultName): Result | undefined {
    checkName('get', name)
    return this.#windows.get(name.window)?.get(name.start)?.get(groupKey(name))
  }

  /** The newest revisions, or those of one window size; starts and groups in the order in which they first came. @throws ResultsError bad-option */
  values(window?: string): Generator<Result> {
    checkWindow(window)
    return this.#values(window)
  }

  /** Forgets the results of windows that ended at or before this, ms since the epoch, so that memory stays bounded. @throws ResultsError bad-option */
  forget(until: number, window?: string): void {
    check(typeof until === 'number' && !Number.isNaN(until), 'until', 'ms since the epoch', until)
    checkWindow(window)
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

  *#values(window?: string): Generator<Result> {
    const windows = window === undefined ? [...this.#windows.keys()] : [window]
    for (const name of windows) {
      for (const groups of this.#windows.get(name)?.values() ?? []) yield* groups.values()
    }
  }
}

function checkWindow(window: unknown): void {
  check(window === undefined || typeof window === 'string', 'window', 'a window name', window)
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
