import type { CountingSums, TimeFigures } from '@card/counting'
import type { OwnerTable } from '../core/durable/owner-table.js'
import type { CountedSums } from '../counting/run-figures.js'

const noTimes = undefined as unknown as TimeFigures

/** The sums of the owners that this worker has, each since its birth. */
export class OwnedSums implements CountedSums {
  readonly #owners: OwnerTable

  constructor(owners: OwnerTable) {
    this.#owners = owners
  }

  get sums(): CountingSums {
    const sums = { counted: 0, late: 0, ahead: 0, held: 0, tooManyGroups: 0, closed: 0 }
    const rejected: number[] = []
    const published = { windows: 0, early: 0, final: 0, corrected: 0 }
    for (const { counter } of this.#owners.counters) {
      const { sums: of } = counter
      for (const name of ['counted', 'late', 'ahead', 'held', 'tooManyGroups'] as const)
        sums[name] += of[name]
      of.rejected.forEach((count, status) => {
        rejected[status] = (rejected[status] ?? 0) + count
      })
    }
    for (const { merger } of this.#owners.mergers) {
      sums.closed += merger.closed
      const { published: of } = merger
      for (const name of ['windows', 'early', 'final', 'corrected'] as const) published[name] += of[name]
    }
    return { ...sums, counted: sums.counted - sums.closed, rejected, published }
  }

  /** Lines of the input of the owners that this worker has. */
  get input() {
    const input = { lines: 0, bytes: 0, blank: 0, fallbacks: 0 }
    for (const { sums } of this.#owners.counters) {
      for (const name of ['lines', 'bytes', 'blank', 'fallbacks'] as const) input[name] += sums[name]
    }
    return input
  }

  /** The same, but rejected rows are those of this run. */
  get here(): CountedSums {
    const { sums, openWindows, stateBytes } = this
    const rejected: number[] = []
    for (const { rejectedHere } of this.#owners.counters) {
      rejectedHere.forEach((count, status) => {
        rejected[status] = (rejected[status] ?? 0) + count
      })
    }
    const watermarkOf = (partition: string) => this.watermarkOf(partition)
    const timesOf = (partition: string) => this.timesOf(partition)
    return { sums: { ...sums, rejected }, openWindows, stateBytes, watermarkOf, timesOf }
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
