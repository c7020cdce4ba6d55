import type { CountingSums, TimeFigures } from '@card/counting'
import type { OwnerTable } from '../core/durable/owner-table.js'
import { Tally } from '../core/durable/tally.js'
import type { CountedSums } from '../counting/run-figures.js'

const noTimes = undefined as unknown as TimeFigures

/** The sums of the owners that this worker has, each since its birth. */
export class OwnedSums implements CountedSums {
  readonly #owners: OwnerTable

  constructor(owners: OwnerTable) {
    this.#owners = owners
  }

  get sums(): CountingSums {
    const tally = new Tally()
    for (const { counter } of this.#owners.counters) tally.addRows(counter.sums)
    for (const { merger } of this.#owners.mergers) tally.addResults(merger)
    return tally.sums
  }

  /** Lines of the input of the owners that this worker has. */
  get input() {
    const input = { lines: 0, bytes: 0, blank: 0, fallbacks: 0 }
    for (const { sums } of this.#owners.counters) {
      for (const name of ['lines', 'bytes', 'blank', 'fallbacks'] as const) input[name] += sums[name]
    }
    return input
  }

  /** What this run has done, for metrics and advice; the figures of now are the same. */
  get work(): CountedSums {
    const owners = this.#owners
    const all = this
    return {
      get sums() {
        return owners.work
      },
      get openWindows() {
        return all.openWindows
      },
      get stateBytes() {
        return all.stateBytes
      },
      watermarkOf: (partition) => all.watermarkOf(partition),
      timesOf: (partition) => all.timesOf(partition),
    }
  }

  get openWindows(): Record<string, number> {
    const open: Record<string, number> = {}
    for (const { merger } of this.#owners.mergers) {
      for (const [name, count] of Object.entries(merger.openWindows))
        open[name] = Math.max(open[name] ?? 0, count)
    }
    return open
  }

  get stateBytes(): Record<string, number> {
    const bytes: Record<string, number> = {}
    for (const { merger } of this.#owners.mergers) {
      for (const [name, count] of Object.entries(merger.stateBytes)) bytes[name] = (bytes[name] ?? 0) + count
    }
    return bytes
  }

  watermarkOf(partition: string): number {
    return this.#owners.counter(`count/${partition}`)?.counter.progress.watermark ?? Number.NEGATIVE_INFINITY
  }

  timesOf(partition: string): TimeFigures {
    return this.#owners.counter(`count/${partition}`)?.counter.times ?? noTimes
  }
}
