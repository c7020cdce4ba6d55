import type { FetchResponse } from '../batch/fetch-response.js'
import type { KafkaClient } from '../client/kafka-client.js'
import { keyOfPartition, type TopicPartition } from '../topic-partition.js'
import type { Fetcher } from './fetcher.js'
import { GroupMembership } from './group-membership.js'
import type { TopicMetadata } from './metadata.js'
import { PartitionReader, type PartitionReaderOptions } from './partition-reader.js'
import { StartPositions } from './start-positions.js'
import type { AssignedEvent, RevokedEvent, SourceOptions } from './types.js'

/** What an `Assignment` works with and whom it tells. */
interface AssignmentOptions {
  client: KafkaClient
  source: SourceOptions
  fetcher: Fetcher
  metadata: TopicMetadata
  /** An answer has been read to its end. */
  onRead(response: FetchResponse): void
  /** There are events to take, or readers to read from. */
  onChange(): void
  onFailure(error: unknown): void
}

/**
 * Which partitions a source reads: all of its topics, those it was told, or what its group gives it. Adds readers to the
 * fetcher and takes them away as groups rebalance and topics and partitions are added, and keeps the events that tell so.
 */
export class Assignment {
  readonly #options: AssignmentOptions
  readonly #readerOptions: PartitionReaderOptions
  readonly #membership: GroupMembership | null
  readonly #starts: StartPositions
  readonly #events: (AssignedEvent | RevokedEvent)[] = []
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
    const { group, sessionTimeout = 30_000 } = source
    this.#membership =
      group === undefined
        ? null
        : new GroupMembership({
            client,
            group,
            sessionTimeout,
            metadataInterval: this.#metadataInterval,
            onAssignment: (partitions, lost) => this.#inTurn(() => this.#reassign(partitions, lost)),
            onFailure,
          })
  }

  /** Whether there has been one, of no partition perhaps. */
  get known(): boolean {
    return this.#assigned
  }

  get hasEvents(): boolean {
    return this.#events.length > 0
  }

  /** The next event to hand over. */
  takeEvent(): AssignedEvent | RevokedEvent | undefined {
    return this.#events.shift()
  }

  /** Takes up partitions, or asks the group for its share of the topics. */
  async start(partitions: TopicPartition[]): Promise<void> {
    const { source, metadata } = this.#options
    await this.#starts.begin(partitions)
    this.#subscription = metadata.topics
    if (this.#membership !== null) await this.#membership.join(this.#subscription)
    else await this.#assign(partitions)
    if (source.until === 'end' || source.partitions !== undefined || this.#closed) return
    this.#discovery = setInterval(() => this.#inTurn(() => this.#discover()), this.#metadataInterval)
  }

  /** Leaves the group. */
  async close(): Promise<void> {
    this.#closed = true
    if (this.#discovery !== null) clearInterval(this.#discovery)
    await this.#membership?.leave()
  }

  get #metadataInterval(): number {
    return this.#options.source.metadataInterval ?? 30_000
  }

  // One after the other: a rebalance may follow while positions are still being asked for.
  #inTurn(work: () => Promise<void>): void {
    this.#turn = this.#turn.then(work).catch((error) => this.#options.onFailure(error))
  }

  async #reassign(partitions: TopicPartition[], lost: boolean): Promise<void> {
    const { readers } = this.#options.fetcher
    const keys = new Set(partitions.map(keyOfPartition))
    const revoked = [...readers.values()].filter((reader) => lost || !keys.has(keyOfPartition(reader)))
    for (const reader of revoked) {
      readers.delete(keyOfPartition(reader))
      this.#starts.onRevoked(reader)
    }
    if (revoked.length > 0) {
      this.#events.push({
        kind: 'revoked',
        partitions: revoked.map(({ topic, partition }) => ({ topic, partition })),
      })
    }
    await this.#assign(partitions.filter((each) => !readers.has(keyOfPartition(each))))
  }

  async #assign(partitions: TopicPartition[]): Promise<void> {
    const { fetcher, metadata, onChange } = this.#options
    if (partitions.some((each) => metadata.leaderOf(each) === null)) {
      await fetcher.connection.refreshMetadata()
    }
    const bounds = await this.#starts.boundsOf(partitions)
    if (this.#closed) return
    const assigned = partitions.map((each) => {
      const reader = new PartitionReader(each, bounds.get(keyOfPartition(each))!, this.#readerOptions)
      fetcher.add(reader)
      return { ...each, position: reader.position }
    })
    this.#assigned = true
    // Also a member without partitions is told that it has joined.
    if (assigned.length > 0 || fetcher.readers.size === 0) {
      this.#events.push({ kind: 'assigned', partitions: assigned })
    }
    fetcher.wake()
    onChange()
  }

  async #discover(): Promise<void> {
    if (this.#closed) return
    const { fetcher, metadata } = this.#options
    await fetcher.connection.refreshMetadata()
    if (this.#membership === null) {
      const added = metadata.partitions.filter((each) => !fetcher.readers.has(keyOfPartition(each)))
      if (added.length > 0) await this.#assign(added)
      return
    }
    // kafkajs notices partitions of the topics it knows; a topic that a pattern matches anew needs a new subscription.
    const { topics } = metadata
    if (topics.every((topic) => this.#subscription.includes(topic))) return
    this.#subscription = topics
    await this.#membership.join(topics)
  }
}
