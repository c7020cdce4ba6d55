import { setTimeout as pause, setImmediate } from 'node:timers/promises'
import type { BatchGatherer } from '../batch/batch-gatherer.js'
import type { FetchResponse } from '../batch/fetch-response.js'
import { RecordReader } from '../batch/record-reader.js'
import { SectionGatherer } from '../batch/record-section.js'
import type { KafkaClient } from '../client/kafka-client.js'
import { KafkaIoError } from '../errors.js'
import { Fetcher } from './fetcher.js'
import { GroupMembership } from './group-membership.js'
import { TopicMetadata } from './metadata.js'
import { keyOfPartition } from './offsets.js'
import { PartitionReader } from './partition-reader.js'
import { Signal } from './signal.js'
import type {
  PartitionStatus,
  RecordsEvent,
  SectionsEvent,
  SourceEvent,
  SourceOptions,
  TopicPartition,
} from './types.js'

/** A reader that always finds something would never let sockets and timers have their turn. */
const longestTurn = 10

/**
 * Records of topics, as events in order: what a partition holds comes in its order, an assignment before the
 * first record of its partitions, a revocation after their last. Asking for the next event is the backpressure:
 * fetching runs ahead by `bufferBytes` only.
 *
 * ```
 * const source = await KafkaSource.open(client, { topics: ['frames'], group: 'counter', from: 'earliest' })
 * for await (const event of source) if (event.kind === 'records') count(event.columns)
 * ```
 */
export class KafkaSource implements AsyncIterableIterator<SourceEvent, void> {
  readonly #client: KafkaClient
  readonly #options: SourceOptions
  readonly #fetcher: Fetcher
  readonly #metadata: TopicMetadata
  readonly #membership: GroupMembership | null
  readonly #records: BatchGatherer<RecordsEvent | SectionsEvent>
  /** Answers that the event handed over last was the last of. */
  readonly #read: FetchResponse[] = []
  /** Assignments and revocations that are still to be told. */
  readonly #news: SourceEvent[] = []
  readonly #ready = new Signal()
  /** Partitions that were there at the start; all others are new, and read from their beginning. */
  readonly #old = new Set<string>()
  /** Where those ended at the start, for `latest` and `until`: joining a group takes time, and misses nothing so. */
  #ends: ReadonlyMap<string, number> = new Map()
  /** Where revoked partitions stood: one that comes back goes on there, and nothing of it is handed over twice. */
  readonly #left = new Map<string, number>()
  #subscription: string[] = []
  #discovery: NodeJS.Timeout | null = null
  #assigning: Promise<void> = Promise.resolve()
  #assigned = false
  #failure: unknown
  #closed = false
  #next = 0
  #turn = performance.now()

  /**
   * Connects, verifies the topics and takes up the partitions (in a group: asks for them).
   *
   * @throws `broker-unreachable`, `login-refused`, `tls-refused`, `unknown-topic`, `partition-count`,
   *   `not-authorized`, `bad-settings`
   */
  static async open(client: KafkaClient, options: SourceOptions): Promise<KafkaSource> {
    const source = new KafkaSource(client, options)
    try {
      await source.#start()
    } catch (error) {
      await source.close()
      throw error
    }
    return source
  }

  private constructor(client: KafkaClient, options: SourceOptions) {
    if (options.group !== undefined && options.partitions !== undefined) {
      throw new KafkaIoError(
        'bad-settings',
        'A group shares partitions out itself: name a group or partitions, not both',
      )
    }
    this.#client = client
    this.#options = options
    this.#metadata = new TopicMetadata(options.topics)
    const limit = options.maxBatchBytes ?? 256 * 1024 * 1024
    this.#records = options.records === 'sections' ? new SectionGatherer(limit) : new RecordReader(limit)
    const fail = (error: unknown) => this.#fail(error)
    this.#fetcher = new Fetcher({
      client,
      metadata: this.#metadata,
      readCommitted: options.readUncommitted !== true,
      maxWait: options.maxWait ?? 500,
      fetchBytes: options.fetchBytes ?? 1024 * 1024,
      bufferBytes: options.bufferBytes ?? 64 * 1024 * 1024,
      onData: () => this.#ready.fire(),
      onFailure: fail,
    })
    this.#membership =
      options.group === undefined
        ? null
        : new GroupMembership({
            client,
            group: options.group,
            sessionTimeout: options.sessionTimeout ?? 30_000,
            metadataInterval: this.#metadataInterval,
            onAssignment: (partitions, lost) => this.#inTurn(() => this.#reassign(partitions, lost)),
            onFailure: fail,
          })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /**
   * The next event; done after `close()`, and with `until: 'end'` when every partition has ended.
   *
   * @throws KafkaIoError where reading cannot go on; the source is closed then
   */
  async next(): Promise<IteratorResult<SourceEvent, void>> {
    for (;;) {
      if (performance.now() - this.#turn > longestTurn) {
        await setImmediate()
        this.#turn = performance.now()
      }
      if (this.#failure !== undefined) {
        await this.close()
        throw this.#client.explain(this.#failure)
      }
      if (this.#closed) return { done: true, value: undefined }
      const event = this.#news.shift() ?? (await this.#readNext())
      if (event !== null) return { done: false, value: event }
      if (this.#allEnded) {
        await this.close()
      }
    }
  }

  /** Leaving a `for await` loop closes the source. */
  async return(): Promise<IteratorResult<SourceEvent, void>> {
    await this.close()
    return { done: true, value: undefined }
  }

  /** Where every partition of this source stands. */
  status(): PartitionStatus[] {
    return [...this.#fetcher.readers.values()].map((reader) => reader.status)
  }

  /** Brokers answer; false while they are tried again and again, until they do or reading is given up. */
  get reachable(): boolean {
    return !this.#fetcher.failing
  }

  /** Hands nothing over of these partitions, and fetches no more of them, until `resume`. */
  pause(partitions: readonly TopicPartition[]): void {
    this.#setPaused(partitions, true)
  }

  resume(partitions: readonly TopicPartition[]): void {
    this.#setPaused(partitions, false)
  }

  /** Ends reading and leaves the group; resolves when nothing of it is left, within 5 s where no broker answers. */
  async close(): Promise<void> {
    this.#closed = true
    this.#ready.fire()
    if (this.#discovery !== null) clearInterval(this.#discovery)
    await Promise.all([this.#membership?.leave(), this.#fetcher.close()])
  }

  get #metadataInterval(): number {
    return this.#options.metadataInterval ?? 30_000
  }

  get #allEnded(): boolean {
    const { readers } = this.#fetcher
    return (
      this.#options.until === 'end' && this.#assigned && [...readers.values()].every(({ ended }) => ended)
    )
  }

  async #start(): Promise<void> {
    await this.#fetcher.connect()
    // A topic that was made a moment ago is not known to every broker yet.
    for (let attempt = 0; attempt < 10 && !this.#metadata.complete; attempt++) {
      await pause(100)
      await this.#fetcher.refreshMetadata()
    }
    this.#metadata.verify()
    const partitions = this.#chosen()
    for (const partition of partitions) this.#old.add(keyOfPartition(partition))
    if (this.#options.from === 'latest' || this.#options.until === 'end') {
      this.#ends = await this.#fetcher.offsets(partitions, 'latest')
    }
    this.#subscription = this.#metadata.topics
    if (this.#membership !== null) await this.#membership.join(this.#subscription)
    else await this.#assign(partitions)
    if (this.#options.until === 'end' || this.#options.partitions !== undefined) return
    this.#discovery = setInterval(() => this.#inTurn(() => this.#discover()), this.#metadataInterval)
  }

  #chosen(): TopicPartition[] {
    const { partitions: chosen } = this.#options
    const all = this.#metadata.partitions
    if (chosen === undefined) return all
    const keys = new Set(all.map(keyOfPartition))
    const wanted = Object.entries(chosen).flatMap(([topic, numbers]) =>
      numbers.map((partition) => ({ topic, partition })),
    )
    const missing = wanted.find((each) => !keys.has(keyOfPartition(each)))
    if (missing === undefined) return wanted
    const count = all.filter(({ topic }) => topic === missing.topic).length
    throw new KafkaIoError(
      'partition-count',
      `Expected a partition ${missing.partition} of ${missing.topic}, found ${count} partitions: ` +
        'name existing ones, or add partitions to the topic',
    )
  }

  // One after the other: a rebalance may follow while positions are still being asked for.
  #inTurn(work: () => Promise<void>): void {
    this.#assigning = this.#assigning.then(work).catch((error) => this.#fail(error))
  }

  async #reassign(partitions: TopicPartition[], lost: boolean): Promise<void> {
    const { readers } = this.#fetcher
    const keys = new Set(partitions.map(keyOfPartition))
    const revoked = [...readers.values()].filter((reader) => lost || !keys.has(keyOfPartition(reader)))
    for (const reader of revoked) {
      readers.delete(keyOfPartition(reader))
      this.#left.set(keyOfPartition(reader), reader.position)
    }
    if (revoked.length > 0) {
      this.#news.push({
        kind: 'revoked',
        partitions: revoked.map(({ topic, partition }) => ({ topic, partition })),
      })
    }
    await this.#assign(partitions.filter((each) => !readers.has(keyOfPartition(each))))
  }

  async #assign(partitions: TopicPartition[]): Promise<void> {
    const { until, readUncommitted, verifyChecksums } = this.#options
    if (partitions.some((each) => this.#metadata.leaderOf(each) === null))
      await this.#fetcher.refreshMetadata()
    const starts = await this.#startsOf(partitions)
    const options = {
      readCommitted: readUncommitted !== true,
      verify: verifyChecksums !== false,
      onRead: (response: FetchResponse) => this.#read.push(response),
    }
    if (this.#closed) return
    for (const each of partitions) {
      const key = keyOfPartition(each)
      const start = starts.get(key)!
      // A partition that came after the start has nothing before its end.
      const end = until === 'end' ? (this.#ends.get(key) ?? start) : null
      this.#fetcher.add(new PartitionReader(each, start, end, options))
    }
    this.#assigned = true
    const told = partitions.map((each) => ({ ...each, position: starts.get(keyOfPartition(each))! }))
    // A member that is left without any is told so, too: it has joined, and stands by.
    if (told.length > 0 || this.#fetcher.readers.size === 0) {
      this.#news.push({ kind: 'assigned', partitions: told })
    }
    this.#fetcher.wake()
    this.#ready.fire()
  }

  async #startsOf(partitions: TopicPartition[]): Promise<Map<string, number>> {
    const { from, startAt } = this.#options
    const starts = new Map<string, number>()
    for (const each of partitions) {
      const position = (await startAt?.(each)) ?? this.#left.get(keyOfPartition(each))
      if (position !== undefined) starts.set(keyOfPartition(each), position)
    }
    const rest = partitions.filter((each) => !starts.has(keyOfPartition(each)))
    const isOld = (each: TopicPartition) => this.#old.has(keyOfPartition(each))
    const byRule = from === 'latest' ? this.#ends : await this.#fetcher.offsets(rest.filter(isOld), from)
    // Of a partition that came later nothing may be missed, whatever the rule: it is all new.
    const fresh = await this.#fetcher.offsets(
      rest.filter((each) => !isOld(each)),
      'earliest',
    )
    return new Map([...byRule, ...starts, ...fresh])
  }

  async #discover(): Promise<void> {
    if (this.#closed) return
    await this.#fetcher.refreshMetadata()
    if (this.#membership === null) {
      const { readers } = this.#fetcher
      const added = this.#metadata.partitions.filter((each) => !readers.has(keyOfPartition(each)))
      if (added.length > 0) await this.#assign(added)
      return
    }
    // kafkajs notices partitions of the topics it knows; a topic that a pattern matches anew needs a new subscription.
    const { topics } = this.#metadata
    if (topics.every((topic) => this.#subscription.includes(topic))) return
    this.#subscription = topics
    await this.#membership.join(topics)
  }

  // An event of the next partition that has one, so that none is left behind; null where there was none.
  async #readNext(): Promise<SourceEvent | null> {
    for (const response of this.#read.splice(0)) this.#fetcher.wasRead(response)
    const readers = [...this.#fetcher.readers.values()]
    for (let i = 0; i < readers.length; i++) {
      const reader = readers[(this.#next + i) % readers.length]!
      if (!reader.ready) continue
      this.#next = (this.#next + i + 1) % readers.length
      const event = this.#readFrom(reader)
      this.#fetcher.roomMade()
      return event
    }
    if (!this.#allEnded && this.#news.length === 0) await this.#ready.wait()
    return null
  }

  #readFrom(reader: PartitionReader): SourceEvent | null {
    try {
      return reader.next(this.#records)
    } catch (error) {
      if (!(error instanceof KafkaIoError)) throw error
      const { topic, partition } = reader
      throw new KafkaIoError(error.code, `Partition ${partition} of ${topic}: ${error.message}`, {
        cause: error,
      })
    }
  }

  #setPaused(partitions: readonly TopicPartition[], paused: boolean): void {
    for (const each of partitions) {
      const reader = this.#fetcher.readers.get(keyOfPartition(each))
      if (reader) reader.paused = paused
    }
    this.#fetcher.wake()
    this.#ready.fire()
  }

  #fail(error: unknown): void {
    if (this.#closed) return
    this.#failure ??= error
    this.#ready.fire()
  }
}
