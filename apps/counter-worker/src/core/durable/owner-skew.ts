import type { PauseEffect } from '../effects.js'
import { SkewLimit } from '../skew-limit.js'
import type { OwnerTable } from './owner-table.js'

/** Pauses counters that are far ahead of the slowest partition, here or on another worker. */
export class OwnerSkew {
  readonly #owners: OwnerTable
  /** ms of a base window */
  readonly #baseLength: number
  readonly #limit = new SkewLimit()
  /** ms: of partitions of other workers, as their hints say; Infinity: none is known */
  #hinted = Number.POSITIVE_INFINITY

  constructor(owners: OwnerTable, baseLength: number) {
    this.#owners = owners
    this.#baseLength = baseLength
  }

  /** @param leastWatermark ms, of the partitions of other workers that are not idle; null: none is known */
  hear(leastWatermark: number | null): void {
    this.#hinted = leastWatermark ?? Number.POSITIVE_INFINITY
  }

  /** To be called when watermarks may have moved. */
  *limit(): Generator<PauseEffect, void, undefined> {
    const counted = new Set(this.#owners.counters.map(({ name }) => name))
    const { pause, resume } = this.#limit.changes({ tooFarAhead: this.#tooFarAhead }, counted)
    if (pause.length > 0) yield { kind: 'pause', partitions: pause }
    if (resume.length > 0) yield { kind: 'resume', partitions: resume }
  }

  /** A counter is no longer this worker's: whoever reads its partition has not paused it. */
  forget(name: string): void {
    this.#limit.forget(name)
  }

  readonly #tooFarAhead = (windows: number): string[] => {
    const { counters } = this.#owners
    const least = counters.reduce((least, { lowest }) => Math.min(least, lowest), this.#hinted)
    const far = counters.filter(
      ({ counter }) => counter.progress.watermark - least > windows * this.#baseLength,
    )
    return far.map(({ name }) => name)
  }
}
