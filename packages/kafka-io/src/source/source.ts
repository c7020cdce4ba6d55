import { setTimeout as pause } from 'node:timers/promises'
import { checkArgument } from '../arguments/check-options.js'
import { checkEachPartition, checkPartition } from '../arguments/check-partitions.js'
import { text, wholeNumber } from '../arguments/rules.js'
import { checkClient, type KafkaClient } from '../client/kafka-client.js'
import { checkGroup } from '../group/check-group.js'
import { type CommitOutcome, GroupClient, type GroupVerdict } from '../group/group-client.js'
import type { CommittedOffset } from '../group/group-requests.js'
import { keyOfPartition, type TopicPartition } from '../topic-partition.js'
import { Assignment } from './assignment.js'
import { chosenPartitions } from './chosen-partitions.js'
import { EventLoopShare } from './event-loop-share.js'
import { Fetcher } from './fetcher.js'
import { TopicMetadata } from './metadata.js'
import { RejectedStart } from './pending-take-over.js'
import { Reading } from './reading.js'
import { Signal } from './signal.js'
import { noGroup, noPartitions } from './source-errors.js'
import { checkSourceOptions } from './source-rules.js'
import type { InterruptedEvent, PartitionStatus, SourceEvent, SourceOptions } from './types.js'

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
  readonly #assignment: Assignment
  readonly #reading: Reading
  readonly #ready = new Signal()
  readonly #share = new EventLoopShare()
  readonly #group: GroupClient | null
  /** A failed request that has not been told yet; of several the last. */
  #interruption: InterruptedEvent | null = null
  #failure: { error: unknown } | null = null
  #closed = false

  /**
   * Connects, verifies the topics and takes up the partitions (in a group: asks for them).
   *
   * @throws `broker-unreachable`, `login-refused`, `tls-refused`, `unknown-topic`, `partition-count`,
   *   `not-authorized`, `bad-settings`
   */
  static async open(client: KafkaClient, options: SourceOptions): Promise<KafkaSource> {
    checkClient('KafkaSource.open', client)
    checkSourceOptions(options)
    const source = new KafkaSource(client, options)
    try {
      await source.#start()
    } catch (error) {
      await source.close()
      throw error instanceof RejectedStart ? error.reason : error
    }
    return source
  }

  private constructor(client: KafkaClient, options: SourceOptions) {
    this.#client = client
    this.#options = options
    this.#metadata = new TopicMetadata(options.topics)
    const fail = (error: unknown) => this.#fail(error)
    this.#fetcher = new Fetcher({
      client,
      metadata: this.#metadata,
      readCommitted: options.readUncommitted !== true,
      maxWait: options.maxWait ?? 500,
      fetchBytes: options.fetchBytes ?? 1024 * 1024,
      bufferBytes: options.bufferBytes ?? 64 * 1024 * 1024,
      onData: () => this.#ready.fire(),
      onInterruption: (cause) => this.#interrupt(cause),
      onFailure: fail,
    })
    this.#reading = new Reading(this.#fetcher, options)
    const { group } = options
    this.#group =
      group === undefined
        ? null
        : new GroupClient(this.#fetcher.connection, group, () => this.#assignment.member)
    this.#assignment = new Assignment({
      client,
      source: options,
      fetcher: this.#fetcher,
      metadata: this.#metadata,
      heartbeat: async (generation) => (generation === null ? 'accepted' : this.heartbeat(generation)),
      onRead: (response) => this.#reading.wasRead(response),
      onChange: () => this.#ready.fire(),
      onFailure: fail,
    })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /**
   * The next event; done after `close()`, and with `until: 'end'` when every partition has ended.
   *
   * @throws KafkaIoError where reading cannot go on, or what `startAt` was rejected with; the source is closed then
   */
  async next(): Promise<IteratorResult<SourceEvent, void>> {
    for (;;) {
      if (this.#share.isUsedUp) await this.#share.yield()
      if (this.#failure !== null) {
        await this.close()
        throw this.#failure.error
      }
      if (this.#closed) return { done: true, value: undefined }
      const event = this.#takeInterruption() ?? this.#assignment.takeEvent() ?? (await this.#readNext())
      if (event !== null) return { done: false, value: event }
      if (this.#allEnded) {
        if (this.#fetcher.readers.size === 0) this.#fail(noPartitions(this.#options.group))
        else await this.close()
      }
    }
  }

  /** Leaving a `for await` loop closes the source. */
  async return(): Promise<IteratorResult<SourceEvent, void>> {
    await this.close()
    return { done: true, value: undefined }
  }

  /** All partitions of the topics that are read, as last heard, whoever of the group reads them. */
  get partitions(): readonly TopicPartition[] {
    return this.#metadata.partitions
  }

  /** With `until: 'end'`: where all partitions that there were at the start are read to, whoever of the group reads them. */
  get ends(): readonly (TopicPartition & { readonly offset: number })[] {
    return this.#assignment.ends
  }

  /** Where `from` begins a partition, whatever was read of it. @throws KafkaIoError broker-unreachable, closed */
  async startOf(partition: TopicPartition): Promise<number> {
    checkPartition('startOf', partition)
    return this.#assignment.startOf(partition)
  }

  /** The id of a topic, as last heard, 32 hexadecimal digits; null: there is none. */
  topicIdOf(topic: string): string | null {
    checkArgument('topicIdOf', 'topic', topic, text)
    return this.#metadata.idOf(topic)
  }

  /** Where every partition of this source stands. */
  status(): PartitionStatus[] {
    return [...this.#fetcher.readers.values()].map((reader) => reader.status)
  }

  /**
   * The offsets that the next records of partitions will get, asked of the brokers now; those that no broker answers
   * for are left out.
   */
  async highWatermarks(
    partitions: readonly TopicPartition[],
  ): Promise<(TopicPartition & { highWatermark: number })[]> {
    checkEachPartition('highWatermarks', partitions)
    const found = await this.#fetcher.highWatermarks(partitions)
    return partitions.flatMap(({ topic, partition }) => {
      const highWatermark = found.get(keyOfPartition({ topic, partition }))
      return highWatermark === undefined ? [] : [{ topic, partition, highWatermark }]
    })
  }

  /** Whether brokers answer; false while they are retried, until they do or reading fails. */
  get reachable(): boolean {
    return !this.#fetcher.connection.failing
  }

  /** Hands nothing over of these partitions, and fetches no more of them, until `resume`. */
  pause(partitions: readonly TopicPartition[]): void {
    checkEachPartition('pause', partitions)
    this.#fetcher.setPaused(partitions, true)
  }

  resume(partitions: readonly TopicPartition[]): void {
    checkEachPartition('resume', partitions)
    this.#fetcher.setPaused(partitions, false)
  }

  /**
   * Reads a partition of this source again from a position, and drops what was fetched of it ahead: after it was fenced and
   * restored once more in the same assignment. If its topic has been recreated in the meantime, the `gap` event still follows.
   *
   * @returns false where the partition is not read by this source (any more)
   * @throws KafkaIoError bad-settings
   */
  reopen(partition: TopicPartition, position: number): boolean {
    checkPartition('reopen', partition)
    checkArgument('reopen', 'position', position, wholeNumber(0))
    return this.#assignment.reopen(partition, position)
  }

  /** The newest generation in which a partition is this source's, ahead of the events that tell so; null where it is not. */
  generationOf(partition: TopicPartition): number | null {
    checkPartition('generationOf', partition)
    return this.#assignment.generationOf(partition)
  }

  /**
   * Asks the group's coordinator whether this source is a member in a generation. Before a takeover, and after anything
   * that looks like one by another member, this decides: a partition that `generationOf` gives a generation is this source's
   * when that is `accepted`.
   *
   * @throws KafkaIoError bad-settings (no group, no generation), broker-unreachable (after the client's
   *   `unreachableTimeout`), not-authorized, request-failed, closed
   */
  async heartbeat(generation: number): Promise<GroupVerdict> {
    return this.#inGroup().heartbeat(generation)
  }

  /**
   * Commits positions to the group, in one request, as hints: for tools that show lag, and for other members. This source
   * itself never reads from them.
   *
   * @param generation of a `generation` or `assigned` event; offsets of an older one are not committed
   * @throws KafkaIoError as `heartbeat`
   */
  async commitOffsets(offsets: readonly CommittedOffset[], generation: number): Promise<CommitOutcome> {
    return this.#inGroup().commit(offsets, generation)
  }

  /**
   * The positions that members of the group have committed, whoever holds the partitions; partitions without one are omitted.
   *
   * @param partitions default: all that the group has positions of
   * @throws KafkaIoError as `commitOffsets`
   */
  async fetchCommitted(partitions?: readonly TopicPartition[]): Promise<CommittedOffset[]> {
    return this.#inGroup().committed(partitions ?? null)
  }

  /** Ends reading and leaves the group; resolves when nothing of it is left, within 5 s where no broker answers. */
  async close(): Promise<void> {
    this.#closed = true
    this.#ready.fire()
    await Promise.all([this.#assignment.close(), this.#fetcher.close()])
  }

  #inGroup(): GroupClient {
    if (this.#group === null) throw noGroup()
    return this.#group
  }

  get #allEnded(): boolean {
    const { until, endless = [] } = this.#options
    if (until !== 'end' || endless.length > 0 || !this.#assignment.known) return false
    return [...this.#fetcher.readers.values()].every(({ ended }) => ended)
  }

  async #start(): Promise<void> {
    const { connection } = this.#fetcher
    await connection.connect()
    // A topic that was made a moment ago is not known to every broker yet.
    for (let attempt = 0; attempt < 10 && !this.#metadata.complete; attempt++) {
      await pause(100)
      await connection.refreshMetadata()
    }
    this.#metadata.verify()
    const { group, partitions: chosen } = this.#options
    const partitions = chosenPartitions(this.#metadata.partitions, chosen)
    if (group !== undefined) await connection.retrying(() => checkGroup(connection.cluster, group))
    await this.#assignment.start(partitions)
  }

  async #readNext(): Promise<SourceEvent | null> {
    const event = this.#reading.next()
    if (event !== undefined) return event
    const isTold = this.#interruption === null && !this.#assignment.hasEvents
    if (!this.#allEnded && isTold) await this.#ready.wait()
    return null
  }

  #takeInterruption(): InterruptedEvent | null {
    const interruption = this.#interruption
    this.#interruption = null
    return interruption
  }

  #interrupt(cause: unknown): void {
    this.#interruption = { kind: 'interrupted', error: this.#client.explain(cause) }
    this.#ready.fire()
  }

  #fail(error: unknown): void {
    if (this.#closed) return
    this.#failure ??= { error: error instanceof RejectedStart ? error.reason : this.#client.explain(error) }
    this.#ready.fire()
  }
}
