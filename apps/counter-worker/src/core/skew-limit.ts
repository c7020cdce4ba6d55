import type { Counting } from '@card/counting'

/** So many windows of the smallest size a partition may be ahead: a day of minutes. */
const windowsAhead = 1_440

/** What is to be paused and resumed now. */
export interface SkewChanges {
  readonly pause: readonly string[]
  readonly resume: readonly string[]
}

const nothing: SkewChanges = { pause: [], resume: [] }

/**
 * Pauses partitions that are far ahead of the combined watermark, until the others have come half the way: a backlog
 * read unevenly would open windows without bound, for none can end before the slowest partition has passed it. The
 * partition that holds the watermark is never ahead of it, so there is always one that is being read, idle or at its end.
 */
export class SkewLimit {
  readonly #paused = new Set<string>()

  /** To be asked when watermarks may have moved. @param assigned the partitions that are read */
  changes(counting: Pick<Counting, 'tooFarAhead'>, assigned: ReadonlySet<string>): SkewChanges {
    if (assigned.size === 0) return nothing
    const far = counting.tooFarAhead(windowsAhead)
    if (far.length === 0 && this.#paused.size === 0) return nothing
    const near = new Set(counting.tooFarAhead(windowsAhead / 2))
    const pause = far.filter((partition) => assigned.has(partition) && !this.#paused.has(partition))
    const resume = [...this.#paused].filter((partition) => !near.has(partition))
    for (const partition of pause) this.#paused.add(partition)
    for (const partition of resume) this.#paused.delete(partition)
    return { pause, resume }
  }

  /** A partition was assigned or revoked: whoever reads it now has not paused it. */
  forget(partition: string): void {
    this.#paused.delete(partition)
  }
}
