import { setImmediate } from 'node:timers/promises'
import { ExitCode, ExitError, type Logger } from '@card/app-kit'
import { FramesError } from '@card/frames'
import type { EndEvent, KafkaSource, SectionsEvent, SourceEvent, TopicPartition } from '@card/kafka-io'
import type { CountingRun } from '../counting/counting-run.js'
import type { Outputs } from '../output/outputs.js'
import { EventsAndTicks } from './events-and-ticks.js'
import { IdleWatch } from './idle-watch.js'
import { Lasting } from './lasting.js'
import type { PartitionTable } from './partition-table.js'
import type { RecordFeed } from './record-feed.js'
import { SkewLimit } from './skew-limit.js'

/** How topics are read; times in ms. */
export interface TopicInputOptions {
  readonly outOfOrder: number
  /** Infinity: no partition is ever idle, as with `--until end` */
  readonly idleTimeout: number
  /** Infinity: no early results */
  readonly early: number
  /** To the ends that the partitions had at the start, and no further. */
  readonly readsToEnd: boolean
}

/** What a run of topics is made of. */
export interface TopicInputParts {
  readonly source: KafkaSource
  readonly table: PartitionTable
  readonly records: RecordFeed
  readonly core: CountingRun
  readonly outputs: Outputs
  readonly log: Logger
  /** Called with each batch of rows before it is counted. */
  readonly onBatch?: () => void
}

/** Silent results published in one go: some milliseconds. */
const silentResults = 1000
/** A revoked partition holds windows back for so long: after a broker's restart the group mostly gives it back. */
const revokedFor = 10_000
/** A transaction that is open for longer is said to be waited for; ms. */
const transactionPatience = 2_000
/** An answer that took longer comes from a broker that was away. */
const slowAnswer = 5_000

/** Takes the events of a source, one after the other, into the counting core. */
export class TopicInput {
  readonly #options: TopicInputOptions
  readonly #parts: TopicInputParts
  readonly #feed: EventsAndTicks<SourceEvent>
  readonly #period: number
  readonly #watch: IdleWatch
  readonly #skew: SkewLimit
  readonly #transactions = new Lasting(transactionPatience)
  /** Revoked partitions that may come back, and since when. */
  readonly #revoked = new Map<string, number>()
  #lastTick = performance.now()
  #nextEarly: number
  /** By the wall clock: when a silent stream has something to publish; Infinity: not before the next record. */
  #publishAt = 0
  rebalances = 0

  constructor(options: TopicInputOptions, parts: TopicInputParts) {
    this.#options = options
    this.#parts = parts
    this.#watch = new IdleWatch(options.idleTimeout)
    this.#skew = new SkewLimit(parts.source, parts.core, parts.table)
    this.#period = Math.max(10, Math.min(1000, options.idleTimeout / 4, options.early))
    this.#nextEarly = performance.now() + options.early
    this.#feed = new EventsAndTicks(parts.source, this.#period)
  }

  /** Reads until the source is done: at the end, or closed. @throws KafkaIoError, ExitError */
  async run(): Promise<void> {
    try {
      for (;;) {
        const event = await this.#feed.next()
        if (event === null) return
        if (event === 'tick') await this.#tick()
        else await this.#take(event)
        this.#skew.apply()
        await this.#parts.outputs.flush()
      }
    } finally {
      this.#feed.close()
    }
  }

  /** A request has failed: a partition that cannot be read is not quiet. */
  onRequestFailure(): void {
    this.#watch.restart()
  }

  async #take(event: SourceEvent): Promise<void> {
    const { log } = this.#parts
    switch (event.kind) {
      case 'sections':
        return this.#count(event)
      case 'assigned':
        return this.#assign(event.partitions)
      case 'revoked':
        return this.#revoke(event.partitions)
      case 'end':
        return this.#end(event)
      case 'gap': {
        const { topic, partition, reason, from, to } = event
        log.warn({ topic, partition, from, to }, gapReasons[reason])
      }
    }
  }

  #end({ topic, partition, nextOffset }: EndEvent): void {
    const { core, source, table, log } = this.#parts
    const ended = table.of({ topic, partition })
    if (this.#options.readsToEnd) {
      if (source.status().some((each) => each.waitsForTransaction && table.of(each) === ended)) {
        log.warn(
          { topic, partition, nextOffset },
          'read up to an open transaction: the records after it are not counted',
        )
      }
    } else {
      log.warn({ topic, partition, nextOffset }, 'the partition is gone with its topic, and counts as ended')
      ended.assigned = false
      this.#watch.remove(ended.name)
      this.#skew.forget(ended.name)
    }
    core.endPartition(ended.name)
  }

  async #count({ sections, ...event }: SectionsEvent): Promise<void> {
    const { table, core, records, onBatch } = this.#parts
    const partition = table.of(event)
    const { name } = partition
    this.#watch.markActive(name)
    this.#publishAt = 0
    try {
      await records.take(sections, () => {
        onBatch?.()
        core.consume(name, name)
      })
    } catch (error) {
      if (!(error instanceof FramesError)) throw error
      throw new ExitError(ExitCode.failed, [`${name}: ${error.message}`])
    }
    for (const { maxTimestamp } of sections) partition.timestamp = maxTimestamp
  }

  #assign(partitions: readonly (TopicPartition & { position: number })[]): void {
    const { core, table, log } = this.#parts
    this.rebalances++
    for (const each of partitions) {
      const partition = table.of(each)
      partition.assigned = true
      core.addPartition(partition.name)
      this.#watch.add(partition.name)
      this.#skew.forget(partition.name)
      // Parked with its watermark and its held frames, it goes on from there.
      if (!this.#revoked.delete(partition.name)) core.active(partition.name)
    }
    log.info({ partitions: partitions.map(positionText) }, 'reading')
  }

  #revoke(partitions: readonly TopicPartition[]): void {
    const { table, log } = this.#parts
    for (const each of partitions) {
      const partition = table.of(each)
      partition.assigned = false
      this.#watch.remove(partition.name)
      this.#skew.forget(partition.name)
      this.#revoked.set(partition.name, performance.now())
    }
    log.warn({ partitions: partitions.map(({ topic, partition }) => `${topic}/${partition}`) }, 'revoked')
  }

  async #tick(): Promise<void> {
    const { core } = this.#parts
    const { outOfOrder, early, idleTimeout } = this.#options
    const now = performance.now()
    // Busy, stopped, or waiting for an output: what came meanwhile has not been looked at.
    if (now - this.#lastTick > 3 * this.#period + 1000) this.#watch.restart()
    this.#lastTick = now
    if (now >= this.#nextEarly) {
      core.early()
      this.#nextEarly = now + early
    }
    this.#noteTransactions(now)
    this.#parkRevoked(now)
    if (idleTimeout === Number.POSITIVE_INFINITY) return
    await this.#findIdle(now)
    this.#flushLongIdle(performance.now())
    if (!this.#watch.isSilent(now) || this.#revoked.size > 0 || Date.now() < this.#publishAt) return
    // Of a live stream nothing is final before its time has passed; of one from the past everything is.
    const until = Date.now() - outOfOrder
    let silent = core.announce(until, silentResults)
    while (silent.more) {
      // Heartbeats, requests for health and the outputs have their turn between slices.
      await setImmediate()
      silent = core.announce(until, silentResults)
    }
    this.#publishAt = silent.next + outOfOrder
  }

  #parkRevoked(now: number): void {
    for (const [partition, since] of this.#revoked) {
      if (now - since < revokedFor) continue
      this.#revoked.delete(partition)
      this.#parts.core.idle(partition)
    }
  }

  async #findIdle(now: number): Promise<void> {
    const { source, table, core } = this.#parts
    const positions = new Map<string, number>()
    for (const status of source.status()) {
      const { name } = table.of(status)
      positions.set(name, status.position)
      this.#watch.observe(name, status.caughtUp && !status.paused, now)
    }
    const due = new Set(this.#watch.due(now))
    if (due.size === 0) return
    const ends = await this.#ends(due)
    // A request that failed while the brokers were asked has begun the clocks anew.
    for (const name of this.#watch.due(performance.now())) {
      if (!due.has(name)) continue
      if ((ends.get(name) ?? Number.POSITIVE_INFINITY) > (positions.get(name) ?? -1)) {
        this.#watch.markActive(name)
        continue
      }
      this.#watch.setIdle(name, now)
      core.idle(name)
    }
  }

  /** Held frames of partitions that have been idle for long are judged, which is the only judgement by the clock. */
  #flushLongIdle(now: number): void {
    for (const name of this.#watch.longIdle(now)) this.#parts.core.flushHeld(name)
  }

  /**
   * The ends of partitions, asked for anew: what the source knows is as old as its last fetch, and a broker that does
   * not answer is no quiet partition.
   */
  async #ends(partitions: ReadonlySet<string>): Promise<Map<string, number>> {
    const { source, table } = this.#parts
    const asked = [...table.all].filter(({ name }) => partitions.has(name))
    const began = performance.now()
    const ends = await source.highWatermarks(asked)
    if (performance.now() - began > slowAnswer) this.#watch.restart()
    return new Map(ends.map((end) => [table.of(end).name, end.highWatermark]))
  }

  // An open transaction of whoever writes the topic may last for minutes, and nothing behind it can be read.
  #noteTransactions(now: number): void {
    const { source, log } = this.#parts
    for (const { topic, partition, position, ended, waitsForTransaction } of source.status()) {
      if (!this.#transactions.observe(`${topic}/${partition}`, waitsForTransaction && !ended, now)) continue
      log.warn({ topic, partition, offset: position }, 'waiting for the end of an open transaction')
    }
  }
}

const gapReasons = {
  retention: 'records are missing: they were deleted by retention before they were read',
  recreated: 'the topic was deleted and made anew: the new one is read from its beginning',
  truncated: 'records are missing: the brokers have lost the end of the partition',
} as const

function positionText({ topic, partition, position }: TopicPartition & { position: number }): string {
  return `${topic}/${partition} from ${position}`
}
