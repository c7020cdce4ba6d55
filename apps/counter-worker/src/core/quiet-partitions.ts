import type { Counting } from '@card/counting'
import type { Effects } from './effects.js'
import { EndsQuestion } from './ends-question.js'
import { IdleWatch } from './idle-watch.js'
import type { EndsInput, PartitionState } from './inputs.js'
import { ParkedPartitions } from './parked-partitions.js'
import { handOver, resultsAtOnce, writeSteps } from './write-steps.js'

/** Times in ms. */
export interface QuietPartitionsOptions {
  readonly outOfOrder: number
  /** Infinity: no partition is ever idle. */
  readonly idleTimeout: number
  /** from one tick to the next */
  readonly tickPeriod: number
}

/** What is told that partitions are quiet. */
export type QuietCounting = Pick<
  Counting,
  'addPartition' | 'active' | 'handOverInSteps' | 'idle' | 'flushHeld' | 'announce' | 'takeStep'
>

/** A revoked partition is waited for so long; ms. */
const revokedFor = 10_000
/** An answer that took longer comes from a broker that was away; ms. */
const slowAnswer = 5_000

/** Lets windows go that partitions hold back from which nothing comes: idle ones, silent ones, those of other workers. */
export class QuietPartitions {
  readonly #options: QuietPartitionsOptions
  readonly #counting: QuietCounting
  readonly #watch: IdleWatch
  readonly #question = new EndsQuestion()
  readonly #parked = new ParkedPartitions(revokedFor)
  #lastTick: number
  /** By the wall clock: when a silent stream has something to publish; Infinity: not before the next record. */
  #publishAt = 0

  constructor(options: QuietPartitionsOptions, counting: QuietCounting, now: number) {
    this.#options = options
    this.#counting = counting
    this.#watch = new IdleWatch(options.idleTimeout)
    this.#lastTick = now
  }

  /** A partition is read from now on. */
  *assign(partition: string): Effects {
    this.#counting.addPartition(partition)
    this.#watch.add(partition)
    this.#question.forget(partition)
    // One that was parked goes on with its watermark and its held frames.
    if (this.#parked.takeBack(partition)) return
    this.#counting.active(partition)
    yield* writeSteps(this.#counting)
  }

  /** A partition is another worker's now. */
  revoke(partition: string, now: number): void {
    this.remove(partition)
    this.#parked.park(partition, now)
  }

  /** Nothing more comes from a partition. */
  remove(partition: string): void {
    this.#watch.remove(partition)
    this.#question.forget(partition)
  }

  /** Records of a partition came. */
  receive(partition: string): void {
    this.#watch.markActive(partition)
    this.#question.forget(partition)
    this.#publishAt = 0
  }

  /** For a while nothing could be heard: a partition without records was not a quiet one. */
  restart(): void {
    this.#watch.restart()
    this.#question.forgetAll()
  }

  *tick(partitions: readonly PartitionState[], now: number, wall: number): Effects {
    // Busy, stopped, or waiting for an output: what came meanwhile has not been looked at.
    if (now - this.#lastTick > 3 * this.#options.tickPeriod + 1000) this.restart()
    this.#lastTick = now
    for (const partition of this.#parked.takeExpired(now)) yield* this.#idle(partition)
    for (const { partition, caughtUp, paused } of partitions) {
      this.#watch.observe(partition, caughtUp && !paused, now)
    }
    yield* this.#askForEnds(partitions, now)
    // Held frames of partitions that have been idle for long are judged, which is the only judgement by the clock.
    for (const partition of this.#watch.longIdle(now)) {
      this.#counting.flushHeld(partition)
      yield* writeSteps(this.#counting)
    }
    if (this.#watch.isSilent(now)) yield* this.#publishSilent(wall)
  }

  /** Where partitions end that are due to be idle. */
  *answer({ id, elapsed, ends }: EndsInput, now: number): Effects {
    const asked = this.#question.close(id)
    if (elapsed > slowAnswer) {
      this.#watch.restart()
      return
    }
    for (const partition of this.#watch.due(now)) {
      const position = asked.get(partition)
      if (position === undefined) continue
      // Without an answer nothing is known.
      if ((ends.get(partition) ?? Number.POSITIVE_INFINITY) > position) this.#watch.markActive(partition)
      else {
        this.#watch.setIdle(partition, now)
        yield* this.#idle(partition)
      }
    }
  }

  *#askForEnds(partitions: readonly PartitionState[], now: number): Effects {
    if (this.#question.isOpen) return
    const due = new Set(this.#watch.due(now))
    if (due.size === 0) return
    const asked = partitions.filter(({ partition }) => due.has(partition))
    const positions = new Map(asked.map(({ partition, position }) => [partition, position]))
    yield { kind: 'ask-ends', id: this.#question.ask(positions), partitions: [...positions.keys()] }
  }

  *#idle(partition: string): Effects {
    yield* handOver(this.#counting, partition)
    this.#counting.idle(partition)
    yield* writeSteps(this.#counting)
  }

  /** A processing-time flush, in slices. */
  *#publishSilent(wall: number): Effects {
    if (this.#parked.size > 0 || wall < this.#publishAt) return
    // Of a live stream nothing is final before its time has passed; of one from the past everything is.
    const until = wall - this.#options.outOfOrder
    let announced = this.#counting.announce(until, resultsAtOnce)
    yield* writeSteps(this.#counting)
    while (announced.more) {
      yield { kind: 'continue' }
      announced = this.#counting.announce(until, resultsAtOnce)
      yield* writeSteps(this.#counting)
    }
    this.#publishAt = announced.next + this.#options.outOfOrder
  }
}
