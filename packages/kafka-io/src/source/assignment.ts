import type { FetchResponse } from '../batch/fetch-response.js'
import type { KafkaClient } from '../client/kafka-client.js'
import type { GroupVerdict } from '../group/group-client.js'
import { type GroupAssignment, GroupMembership } from '../group/group-membership.js'
import type { Membership } from '../group/group-requests.js'
import { keyOfPartition, type TopicPartition } from '../topic-partition.js'
import type { Fetcher } from './fetcher.js'
import type { TopicMetadata } from './metadata.js'
import { partitionCounts } from './partition-counts.js'
import { PartitionReader, type PartitionReaderOptions } from './partition-reader.js'
import { PendingTakeOver, RejectedStart } from './pending-take-over.js'
import { StartPositions } from './start-positions.js'
import type { AssignedEvent, GenerationEvent, RevokedEvent, SourceOptions } from './types.js'

/** What an `Assignment` works with and whom it tells. */
interface AssignmentOptions {
  client: KafkaClient
  source: SourceOptions
  fetcher: Fetcher
  metadata: TopicMetadata
  /** Asks the group about a generation; null: there is no group. */
  heartbeat(generation: number | null): Promise<GroupVerdict>
  /** An answer has been read to its end. */
  onRead(response: FetchResponse): void
  /** There are events to take, or readers to read from. */
  onChange(): void
  onFailure(error: unknown): void
}

type AssignmentEvent = AssignedEvent | GenerationEvent | RevokedEvent

const defaultSessionTimeout = 10_000

/**
 * Which partitions a source reads: all of its topics, those it was told, or what its group gives it. Adds readers to the
 * fetcher and takes them away as groups rebalance and topics and partitions are added, and keeps the events that tell so.
 */
export class Assignment {
  readonly #options: AssignmentOptions
  readonly #readerOptions: PartitionReaderOptions
  readonly #membership: GroupMembership | null
  readonly #starts: StartPositions
  readonly #events: AssignmentEvent[] = []
  /** By `keyOfPartition`. */
  readonly #pending = new Map<string, PendingTakeOver>()
  #member: Membership | null = null
  #subscription: string[] = []
  #discovery: NodeJS.Timeout | null = null
  #turn: Promise<void> = Promise.resolve()
  #assigned = false
  #closed = false

  constructor(options: AssignmentOptions) {
    this.#options = options
    const { client, source, fetcher, metadata, onRead, onFailure } = options
    this.#readerOptions = {
      readCommitted: source.readUncommitted !== true,
      verify: source.verifyChecksums !== false,
      onRead,
    }
    this.#starts = new StartPositions(source, fetcher, metadata)
    const { group, instanceId = null, sessionTimeout = defaultSessionTimeout } = source
    this.#membership =
      group === undefined
        ? null
        : new GroupMembership({
            client,
            group,
            instanceId,
            sessionTimeout,
            metadataInterval: this.#metadataInterval,
            partitionCounts: (topics) => partitionCounts(fetcher.connection, topics),
            onAssignment: (assignment) => this.#reassign(assignment),
            onFailure,
          })
  }

  /** Every partition that this source is to read has a position; there may be none. */
  get known(): boolean {
    return this.#assigned && this.#pending.size === 0
  }

  /** As whom the source reads; null without a group, and before it has joined. */
  get member(): Membership | null {
    return this.#member
  }

  /** The newest generation in which a partition is this source's; null where it is not, or without a group. */
  generationOf(partition: TopicPartition): number | null {
    const key = keyOfPartition(partition)
    const holds = this.#options.fetcher.readers.has(key) || this.#pending.has(key)
    return holds ? (this.#member?.generation ?? null) : null
  }

  /** Where the rule begins a partition. */
  async startOf(partition: TopicPartition): Promise<number> {
    return (await this.#starts.byRule([partition])).get(keyOfPartition(partition))!
  }

  /** Where all partitions ended at the start, with `until: 'end'`. */
  get ends(): readonly (TopicPartition & { readonly offset: number })[] {
    return this.#starts.ends
  }

  get hasEvents(): boolean {
    return this.#events.length > 0
  }

  /** The next event to hand over. */
  takeEvent(): AssignmentEvent | undefined {
    return this.#events.shift()
  }

  /** Takes up partitions, or asks the group for its share of the topics. @throws RejectedStart */
  async start(partitions: TopicPartition[]): Promise<void> {
    const { source, metadata } = this.#options
    await this.#starts.begin(partitions)
    this.#subscription = metadata.topics
    if (this.#membership !== null) await this.#membership.join(this.#subscription)
    else await this.#takeUp(partitions)
    if (source.until === 'end' || source.partitions !== undefined || this.#closed) return
    this.#discovery = setInterval(() => this.#inTurn(() => this.#discover()), this.#metadataInterval)
  }

  /**
   * Has a partition of this source read from elsewhere; what was fetched of it and not handed over is dropped.
   *
   * @returns false where the source does not read it
   */
  reopen(partition: TopicPartition, position: number): boolean {
    const { fetcher, onChange } = this.#options
    const old = fetcher.readers.get(keyOfPartition(partition))
    if (old === undefined) return false
    const bounds = { position, end: old.end, topicId: old.topicId }
    const reader = new PartitionReader(old, bounds, this.#readerOptions)
    // The reader has not heard of that topic yet, and the position is not one of it.
    if (old.recreated) reader.jump('recreated', 0)
    reader.paused = old.paused
    fetcher.add(reader)
    fetcher.wake()
    onChange()
    return true
  }

  /** Leaves the group. */
  async close(): Promise<void> {
    this.#closed = true
    if (this.#discovery !== null) clearInterval(this.#discovery)
    for (const each of this.#pending.values()) each.abort()
    await this.#membership?.leave()
  }

  get #metadataInterval(): number {
    return this.#options.source.metadataInterval ?? 30_000
  }

  // One after the other: topics may change while positions are still being asked for.
  #inTurn(work: () => Promise<void>): void {
    this.#turn = this.#turn.then(work).catch((error) => this.#options.onFailure(error))
  }

  // At once, whatever is still being taken over: what belongs to another member must not be read any longer.
  #reassign({ member, partitions, lost }: GroupAssignment): void {
    if (this.#closed) return
    const { fetcher, onChange, onFailure } = this.#options
    const { readers } = fetcher
    const { generation } = member
    this.#member = member
    const keys = new Set(lost ? [] : partitions.map(keyOfPartition))
    this.#revoke([...readers.values()].filter((reader) => !keys.has(keyOfPartition(reader))))
    for (const each of this.#pending.values()) {
      if (keys.has(each.key)) each.generation = generation
      else this.#cancel(each)
    }
    const kept = [...readers.values()].map(({ topic, partition }) => ({ topic, partition }))
    this.#events.push({ kind: 'generation', generation, kept })
    const added = partitions.filter((each) => {
      const key = keyOfPartition(each)
      return !readers.has(key) && !this.#pending.has(key)
    })
    // A member without partitions hears that it has joined, too.
    if (partitions.length === 0) this.#noteAssigned([])
    if (added.length > 0) void this.#takeUp(added).catch((error) => onFailure(error))
    fetcher.wake()
    onChange()
  }

  #revoke(revoked: readonly PartitionReader[]): void {
    if (revoked.length === 0) return
    for (const reader of revoked) {
      this.#options.fetcher.readers.delete(keyOfPartition(reader))
      this.#starts.onRevoked(reader)
    }
    const partitions = revoked.map(({ topic, partition }) => ({ topic, partition }))
    this.#events.push({ kind: 'revoked', partitions })
  }

  async #takeUp(partitions: readonly TopicPartition[]): Promise<void> {
    const { source, fetcher, metadata, heartbeat } = this.#options
    if (partitions.length === 0) return this.#noteAssigned([])
    const generation = this.#member?.generation ?? null
    const taken = partitions.map((each) => {
      return new PendingTakeOver(each, metadata.idOf(each.topic), generation, heartbeat)
    })
    for (const each of taken) this.#pending.set(each.key, each)
    if (partitions.some((each) => metadata.leaderOf(each) === null)) {
      await fetcher.connection.refreshMetadata()
    }
    const { startAt } = source
    if (startAt === undefined) return this.#open(taken)
    await Promise.all(taken.map(async (each) => this.#open([each], await positionBy(startAt, each))))
  }

  /** Reads partitions that are still this source's from their positions on. */
  async #open(taken: readonly PendingTakeOver[], position: number | null = null): Promise<void> {
    const known = new Map(position === null ? [] : taken.map(({ key }) => [key, position]))
    const wanted = taken.filter((each) => this.#isWanted(each)).map(({ partition }) => partition)
    const bounds = await this.#starts.boundsOf(wanted, known)
    const opened = taken.filter((each) => this.#isWanted(each))
    for (const { key, partition } of opened) {
      this.#pending.delete(key)
      this.#options.fetcher.add(new PartitionReader(partition, bounds.get(key)!, this.#readerOptions))
    }
    if (opened.length === 0) return
    this.#noteAssigned(
      opened.map(({ key, partition }) => ({ ...partition, position: bounds.get(key)!.position })),
    )
    this.#options.fetcher.wake()
    this.#options.onChange()
  }

  #isWanted(taken: PendingTakeOver): boolean {
    return !this.#closed && this.#pending.get(taken.key) === taken
  }

  #cancel(taken: PendingTakeOver): void {
    this.#pending.delete(taken.key)
    taken.abort()
  }

  // Partitions that are ready before the last event was taken share it.
  #noteAssigned(partitions: AssignedEvent['partitions']): void {
    this.#assigned = true
    const generation = this.#member?.generation ?? null
    const last = this.#events.at(-1)
    if (last?.kind === 'assigned' && last.generation === generation) last.partitions.push(...partitions)
    else this.#events.push({ kind: 'assigned', partitions, generation })
  }

  async #discover(): Promise<void> {
    if (this.#closed) return
    const { fetcher, metadata } = this.#options
    await fetcher.connection.refreshMetadata()
    if (this.#membership === null) {
      const added = metadata.partitions.filter((each) => {
        const key = keyOfPartition(each)
        return !fetcher.readers.has(key) && !this.#pending.has(key)
      })
      if (added.length > 0) await this.#takeUp(added)
      return
    }
    // kafkajs notices partitions of the topics it knows; a topic that a pattern matches anew needs a new subscription.
    const { topics } = metadata
    if (topics.every((topic) => this.#subscription.includes(topic))) return
    this.#subscription = topics
    await this.#membership.join(topics)
  }
}

/** @throws RejectedStart */
async function positionBy(
  startAt: NonNullable<SourceOptions['startAt']>,
  taken: PendingTakeOver,
): Promise<number | null> {
  try {
    if (taken.signal.aborted) return null
    return (await startAt(taken.partition, taken)) ?? null
  } catch (error) {
    if (taken.signal.aborted) return null
    throw new RejectedStart(error)
  }
}
