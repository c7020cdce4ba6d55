import { resultsAtOnce } from '../write-steps.js'
import type { DurableEffect } from './effects.js'
import type { MergeOwner } from './merge-owner.js'

interface Silence {
  /** ms of a clock that never goes back */
  since: number
  /** By the wall clock: when there is something to publish; Infinity: not before the next partial. */
  publishAt: number
}

/** Publishes what mergers hold when all of their input has fallen silent: idle for another idle timeout. */
export class SilentMergers {
  readonly #idleTimeout: number
  readonly #outOfOrder: number
  readonly #silences = new Map<string, Silence>()

  /** @param idleTimeout ms @param outOfOrder ms */
  constructor(idleTimeout: number, outOfOrder: number) {
    this.#idleTimeout = idleTimeout
    this.#outOfOrder = outOfOrder
  }

  /** Something has come to a merger. */
  restart(merger: string): void {
    this.#silences.delete(merger)
  }

  *tick(mergers: Iterable<MergeOwner>, now: number, wall: number): Generator<DurableEffect, void, undefined> {
    for (const owner of mergers) {
      if (!owner.merger.isIdle) {
        this.#silences.delete(owner.name)
        continue
      }
      const silence = this.#silences.get(owner.name) ?? { since: now, publishAt: 0 }
      this.#silences.set(owner.name, silence)
      if (now - silence.since < this.#idleTimeout || wall < silence.publishAt) continue
      // Of a live stream nothing is final before its time has passed; of one from the past everything is.
      const until = wall - this.#outOfOrder
      let announced = owner.announce(until, resultsAtOnce)
      while (announced.more) {
        yield { kind: 'continue' }
        announced = owner.announce(until, resultsAtOnce)
      }
      silence.publishAt = announced.next + this.#outOfOrder
    }
  }
}
