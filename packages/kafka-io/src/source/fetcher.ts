import type { FetchedPartition, FetchResponse } from '../batch/fetch-response.js'
import { AnswerBuffers } from '../client/answer-buffers.js'
import { mayNotUse, unknownTopic } from '../client/explain-answer.js'
import type { KafkaClient } from '../client/kafka-client.js'
import { KafkaIoError } from '../errors.js'
import { fetchBatches } from '../protocol/fetch.js'
import { keyOfPartition, type TopicPartition } from '../topic-partition.js'
import { ClusterConnection } from './cluster-connection.js'
import { errorCodes, type TopicMetadata } from './metadata.js'
import { type Isolation, isolation, listOffsets } from './offsets.js'
import type { PartitionReader } from './partition-reader.js'
import { Signal } from './signal.js'
import { followRecreatedTopic, logTruncated } from './topic-changes.js'
import type { FromRule } from './types.js'
import { fetchTopics, readersWithRoom } from './what-to-fetch.js'

export interface FetcherOptions {
  client: KafkaClient
  metadata: TopicMetadata
  readCommitted: boolean
  maxWait: number
  /** Of one fetch and partition. */
  fetchBytes: number
  /** Of all that is fetched and not read. */
  bufferBytes: number
  /** Something new can be read. */
  onData(): void
  /** A request has failed and is tried again. */
  onInterruption(cause: unknown): void
  onFailure(error: unknown): void
}

/** Of one answer, all partitions together. */
const answerBytes = 4 * 1024 * 1024

/** What one fetch asked for of a partition. */
interface Asked {
  reader: PartitionReader
  from: number
  topicId: string | null
}

/**
 * Fetches ahead of the reader: one request open per broker that leads some of the partitions, for those whose
 * buffers have room.
 */
export class Fetcher {
  readonly readers = new Map<string, PartitionReader>()
  readonly connection: ClusterConnection
  readonly #options: FetcherOptions
  readonly #isolation: Isolation
  readonly #buffers = new AnswerBuffers(4 * answerBytes)
  readonly #loops = new Map<number, Promise<void>>()
  /** A reader may have room again, is no longer paused, or was added. */
  readonly #changed = new Signal()
  #closed = false

  constructor(options: FetcherOptions) {
    this.#options = options
    this.#isolation = options.readCommitted ? isolation.committed : isolation.uncommitted
    const { client, metadata, onInterruption, onFailure } = options
    this.connection = new ClusterConnection({
      client,
      metadata,
      buffers: this.#buffers,
      onRefresh: () => this.#followTopics(),
      // Partitions that are still without a leader have no loop that would ask again.
      onRecovery: () => this.wake(),
      onInterruption,
      onFailure,
    })
  }

  /** The offsets a rule names; `latest` is the end of what this source reads. Leaders may be on the move: asked until answered. */
  offsets(partitions: readonly TopicPartition[], rule: FromRule): Promise<Map<string, number>> {
    return this.connection.retrying(() => this.#listOffsets(partitions, rule, this.#isolation))
  }

  /** The ends of the logs, asked for once: what no broker answers for is not there. */
  async highWatermarks(partitions: readonly TopicPartition[]): Promise<Map<string, number>> {
    try {
      return await this.#listOffsets(partitions, 'latest', isolation.uncommitted)
    } catch (error) {
      if (!this.#closed) void this.connection.recover(error)
      return new Map()
    }
  }

  /** The ends of the logs; asked until answered. */
  ends(partitions: readonly TopicPartition[]): Promise<Map<string, number>> {
    return this.connection.retrying(() => this.#listOffsets(partitions, 'latest', isolation.uncommitted))
  }

  add(reader: PartitionReader): void {
    this.readers.set(keyOfPartition(reader), reader)
  }

  /** Partitions that are not read here are left out. */
  setPaused(partitions: readonly TopicPartition[], paused: boolean): void {
    for (const each of partitions) {
      const reader = this.readers.get(keyOfPartition(each))
      if (reader) reader.paused = paused
    }
    this.wake()
  }

  /** Starts the loops of the brokers that have something to fetch, and has those that wait look again. */
  wake(): void {
    if (this.#closed) return
    this.#followTopics()
    for (const reader of this.readers.values()) {
      const node = this.#options.metadata.leaderOf(reader)
      if (node !== null && !this.#loops.has(node)) {
        const loop = this.#loop(node).catch((error) => this.#options.onFailure(error))
        this.#loops.set(node, loop)
      }
    }
    if (!this.connection.recovering && this.#noteLeaderless()) {
      void this.connection.recover(new Error('a partition has no leader'))
    }
    this.#changed.fire()
  }

  /** A reader has taken something: its buffer may have room again. */
  onRoom(): void {
    this.#changed.fire()
  }

  /** One of the readers of this answer has come to its end in it, and looks at nothing of it any more. */
  wasRead(response: FetchResponse): void {
    response.readers--
    if (response.readers === 0) this.#buffers.giveBack(response.bytes)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#changed.fire()
    await this.connection.close()
    await Promise.all(this.#loops.values())
  }

  #listOffsets(partitions: readonly TopicPartition[], rule: FromRule, level: Isolation) {
    return listOffsets(this.connection.cluster, this.#options.metadata, partitions, rule, level)
  }

  async #loop(node: number): Promise<void> {
    const { connection } = this
    while (!this.#closed) {
      const own = [...this.readers.values()].filter(
        (reader) => this.#options.metadata.leaderOf(reader) === node,
      )
      if (own.length === 0) break
      const wanted = readersWithRoom(own, this.readers.values(), this.#options)
      if (wanted.length === 0) {
        await this.#changed.wait()
        continue
      }
      try {
        const healthy = await this.#fetch(node, wanted)
        if (!healthy && !this.#closed) await connection.recover(new Error('a partition has moved'))
      } catch (error) {
        if (this.#closed) break
        if (!isPassing(error)) throw error
        await connection.recover(error)
      }
    }
    this.#loops.delete(node)
  }

  // Returns false where a partition was not to be had from this broker.
  async #fetch(node: number, wanted: readonly PartitionReader[]): Promise<boolean> {
    const { maxWait, fetchBytes } = this.#options
    const asked = new Map<string, Asked>()
    for (const reader of wanted) {
      const { fetchPosition: from, topicId } = reader
      asked.set(keyOfPartition(reader), { reader, from, topicId })
    }
    const broker = await this.connection.cluster.findBroker({ nodeId: node })
    const response = await fetchBatches(broker, {
      maxWaitTime: maxWait,
      minBytes: 1,
      maxBytes: answerBytes,
      isolationLevel: this.#isolation,
      topics: fetchTopics(wanted, fetchBytes),
    })
    this.connection.answered()
    return this.#take(response, asked)
  }

  async #take(response: FetchResponse, asked: ReadonlyMap<string, Asked>): Promise<boolean> {
    let healthy = true
    // Held until all of it is shared out.
    response.readers++
    for (const fetched of response.partitions) {
      const key = keyOfPartition(fetched)
      const { reader, from, topicId } = asked.get(key) ?? {}
      // Assigned to others, or moved, while the request was open.
      if (reader === undefined || this.readers.get(key) !== reader) continue
      if (reader.fetchPosition !== from || reader.topicId !== topicId) continue
      if (fetched.errorCode === 0) reader.take(fetched, response)
      else if (fetched.errorCode === errorCodes.offsetOutOfRange) await this.#outOfRange(reader)
      else {
        this.#refused(reader, fetched)
        healthy = false
      }
    }
    this.wasRead(response)
    this.#options.onData()
    return healthy
  }

  async #outOfRange(reader: PartitionReader): Promise<void> {
    const key = keyOfPartition(reader)
    const start = (await this.offsets([reader], 'earliest')).get(key)!
    if (reader.fetchPosition < start) return reader.jump('retention', start)
    // Beyond the end: without topic ids this is how a recreated topic looks.
    if (reader.topicId === null) return reader.jump('recreated', start)
    const end = (await this.ends([reader])).get(key)!
    // Written meanwhile, or the broker that was asked had not heard of all of it yet.
    if (reader.fetchPosition <= end) return
    if (reader.end !== null) throw logTruncated(reader, end)
    reader.jump('truncated', end)
  }

  #refused(reader: PartitionReader, { errorCode, topic }: FetchedPartition): void {
    if (errorCode === errorCodes.topicAuthorizationFailed) throw mayNotUse(topic)
    const unknown = errorCode === errorCodes.unknownTopic || errorCode === errorCodes.unknownTopicId
    this.#noteFailing(reader, unknown, `the brokers keep answering error ${errorCode}`)
  }

  #followTopics(): void {
    try {
      for (const reader of this.readers.values()) followRecreatedTopic(reader, this.#options.metadata)
      this.#options.onData()
    } catch (error) {
      this.#options.onFailure(error)
    }
  }

  // Whether some partition has no leader now; its topic may have been deleted.
  #noteLeaderless(): boolean {
    const { metadata, onFailure } = this.#options
    const leaderless = [...this.readers.values()].filter(
      (reader) => !reader.fetched && metadata.leaderOf(reader) === null,
    )
    try {
      for (const reader of leaderless) {
        this.#noteFailing(reader, !metadata.topics.includes(reader.topic), 'it has no leader')
      }
    } catch (error) {
      onFailure(error)
    }
    return leaderless.length > 0
  }

  #noteFailing(reader: PartitionReader, unknown: boolean, found: string): void {
    const { topic, partition } = reader
    reader.wasUnknown ||= unknown
    reader.failingSince ??= Date.now()
    if (Date.now() - reader.failingSince < this.#options.client.unreachableTimeout) return
    if (unknown) throw unknownTopic(topic)
    throw new KafkaIoError('request-failed', `Partition ${partition} of ${topic} cannot be read: ${found}`)
  }
}

// Errors of kafkajs and of sockets may pass; retrying would only hide an error in this package.
function isPassing(error: unknown): boolean {
  // A connection was replaced while the request was open on it.
  if (error instanceof KafkaIoError) return error.code === 'closed'
  return error instanceof Error && (error.name.startsWith('KafkaJS') || 'errno' in error)
}
