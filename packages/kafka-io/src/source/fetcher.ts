import { setTimeout as pause } from 'node:timers/promises'
import type { FetchedPartition, FetchResponse } from '../batch/fetch-response.js'
import { AnswerBuffers } from '../client/answer-buffers.js'
import { unknownTopic } from '../client/explain.js'
import { type RawCluster, rawCluster } from '../client/hooks.js'
import type { InternalCluster } from '../client/internals.js'
import type { KafkaClient } from '../client/kafka-client.js'
import { KafkaIoError } from '../errors.js'
import { errorCodes, notAuthorized, type TopicMetadata } from './metadata.js'
import { keyOfPartition, listOffsets } from './offsets.js'
import type { PartitionReader } from './partition-reader.js'
import { Signal } from './signal.js'
import type { FromRule, TopicPartition } from './types.js'

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
  onFailure(error: unknown): void
}

const isolation = { uncommitted: 0, committed: 1 } as const
/** Of one answer, all partitions together. */
const answerBytes = 4 * 1024 * 1024

/**
 * Fetches ahead of the reader: one request open per broker that leads some of the partitions, for those whose
 * buffers have room. Lost connections, moved leaders and restarts are healed here; what cannot be is a failure.
 */
export class Fetcher {
  readonly readers = new Map<string, PartitionReader>()
  readonly #options: FetcherOptions
  readonly #buffers = new AnswerBuffers(4 * answerBytes)
  #cluster: RawCluster | null = null
  readonly #loops = new Map<number, Promise<void>>()
  /** Somebody may have room again, is no longer paused, or was added. */
  readonly #changed = new Signal()
  #recovery: Promise<void> | null = null
  #failingSince: number | null = null
  #closed = false

  constructor(options: FetcherOptions) {
    this.#options = options
  }

  /** @throws KafkaIoError where brokers are not reached, or refuse us */
  async connect(): Promise<void> {
    await this.#options.client.untilReached(() => this.#reconnect())
  }

  /** No broker has answered since its last attempts. */
  get failing(): boolean {
    return this.#failingSince !== null
  }

  async refreshMetadata(): Promise<void> {
    await this.retrying(() => this.#options.metadata.refresh(this.#connected))
  }

  /** The offsets a rule names. Leaders may be on the move: asked until answered. */
  async offsets(partitions: readonly TopicPartition[], rule: FromRule): Promise<Map<string, number>> {
    return this.retrying(() => listOffsets(this.#connected, partitions, rule))
  }

  /**
   * Work on the cluster, again over a fresh connection where it fails in passing.
   *
   * @throws KafkaIoError where it cannot succeed, or has not for `unreachableTimeout`
   */
  async retrying<T>(work: () => Promise<T>): Promise<T> {
    const { client } = this.#options
    const end = Date.now() + client.unreachableTimeout
    for (;;) {
      try {
        return await work()
      } catch (error) {
        const explained = client.explain(error)
        const final = ['login-refused', 'tls-refused', 'not-authorized', 'bad-settings', 'closed']
        if (final.includes(explained.code) || Date.now() > end || this.#closed) throw explained
        await this.#recover(error)
      }
    }
  }

  add(reader: PartitionReader): void {
    this.readers.set(keyOfPartition(reader), reader)
  }

  /** Starts or wakes the loops of the brokers that have something to fetch. */
  wake(): void {
    if (this.#closed) return
    for (const reader of this.readers.values()) {
      const node = this.#options.metadata.leaderOf(reader)
      if (node !== null && !this.#loops.has(node)) {
        const loop = this.#loop(node).catch((error) => this.#options.onFailure(error))
        this.#loops.set(node, loop)
      }
    }
    if (this.#recovery === null && this.#noteLeaderless())
      void this.#recover(new Error('a partition has no leader'))
    this.#changed.fire()
  }

  /** A reader has taken something: its buffer may have room again. */
  roomMade(): void {
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
    await this.#cluster?.abort().catch(() => {})
    this.#cluster = null
    await Promise.all(this.#loops.values())
  }

  get #connected(): InternalCluster {
    if (this.#cluster === null) throw new KafkaIoError('closed', 'The source is closed: open another')
    return this.#cluster
  }

  async #loop(node: number): Promise<void> {
    const { readCommitted, maxWait } = this.#options
    while (!this.#closed) {
      const own = this.#readersOf(node)
      if (own.length === 0) break
      const wanted = this.#withRoom(own)
      if (wanted.length === 0) {
        await this.#changed.wait()
        continue
      }
      const asked = new Map(
        wanted.map((reader) => [keyOfPartition(reader), { reader, from: reader.fetchPosition }]),
      )
      try {
        const broker = await this.#connected.findBroker({ nodeId: node })
        const response = (await broker.fetch({
          maxWaitTime: maxWait,
          minBytes: 1,
          maxBytes: answerBytes,
          isolationLevel: readCommitted ? isolation.committed : isolation.uncommitted,
          topics: this.#byTopic(wanted),
        })) as FetchResponse
        this.#failingSince = null
        if (!(await this.#take(response, asked)) && !this.#closed) {
          await this.#recover(new Error('a partition has moved'))
        }
      } catch (error) {
        if (this.#closed) break
        if (!isPassing(error)) throw error
        await this.#recover(error)
      }
    }
    this.#loops.delete(node)
  }

  // Returns false where a partition was not to be had from this broker.
  async #take(
    response: FetchResponse,
    asked: Map<string, { reader: PartitionReader; from: number }>,
  ): Promise<boolean> {
    let healthy = true
    // Held until all of it is shared out.
    response.readers++
    for (const fetched of response.partitions) {
      const key = keyOfPartition(fetched)
      const { reader, from } = asked.get(key) ?? {}
      // Assigned to others, or moved, while the request was open.
      if (reader === undefined || this.readers.get(key) !== reader || reader.fetchPosition !== from) continue
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
    const start = (await this.offsets([reader], 'earliest')).get(keyOfPartition(reader))!
    // Below the start: retention was faster than we. Behind the end: the topic was deleted and made anew.
    reader.jump(reader.fetchPosition < start ? 'retention' : 'recreated', start)
  }

  #refused(reader: PartitionReader, { errorCode, topic }: FetchedPartition): void {
    if (errorCode === errorCodes.topicAuthorizationFailed) throw notAuthorized(topic)
    this.#noteFailing(
      reader,
      errorCode === errorCodes.unknownTopic,
      `the brokers keep answering error ${errorCode}`,
    )
  }

  // Whether some partition has no leader now; its topic may be gone for good.
  #noteLeaderless(): boolean {
    const { metadata, onFailure } = this.#options
    const leaderless = [...this.readers.values()].filter((reader) => metadata.leaderOf(reader) === null)
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

  // Shared by all loops: one of them heals, the others wait.
  #recover(cause: unknown): Promise<void> {
    this.#recovery ??= this.#heal(cause).finally(() => {
      this.#recovery = null
      // Starts anew where partitions are still without a leader: their loops have ended, none would ask again.
      this.wake()
    })
    return this.#recovery
  }

  async #heal(cause: unknown): Promise<void> {
    const { client, metadata, onFailure } = this.#options
    let last = cause
    for (let wait = 50; !this.#closed; wait = Math.min(500, wait * 2)) {
      await pause(wait)
      try {
        // A moved leader needs new metadata only; where those fail, everything is begun anew.
        if (wait === 50) await metadata.refresh(this.#connected)
        else await this.#reconnect()
        this.#failingSince = null
        return
      } catch (error) {
        last = error
        this.#failingSince ??= Date.now()
        const explained = client.explain(error)
        const waited = Date.now() - this.#failingSince
        const passing = explained.code === 'broker-unreachable' || explained.code === 'request-failed'
        if (!passing) return onFailure(explained)
        if (waited > client.unreachableTimeout) return onFailure(client.unreachable(last))
      }
    }
  }

  async #reconnect(): Promise<void> {
    const { client, metadata, readCommitted } = this.#options
    const old = this.#cluster
    // kafkajs is to fail at once here: the waiting is done by those who call.
    const kafka = client.kafka({ requestTimeout: 10_000, retry: { retries: 0 } })
    const options = {
      metadataMaxAge: Number.MAX_SAFE_INTEGER,
      allowAutoTopicCreation: false,
      isolationLevel: readCommitted ? isolation.committed : isolation.uncommitted,
    }
    const cluster = rawCluster(kafka, options, this.#buffers)
    try {
      await cluster.connect()
      await metadata.refresh(cluster)
    } catch (error) {
      void cluster.abort().catch(() => {})
      throw error
    }
    this.#cluster = cluster
    void old?.abort().catch(() => {})
  }

  #readersOf(node: number): PartitionReader[] {
    return [...this.readers.values()].filter((reader) => this.#options.metadata.leaderOf(reader) === node)
  }

  #withRoom(readers: PartitionReader[]): PartitionReader[] {
    const { fetchBytes, bufferBytes } = this.#options
    let buffered = 0
    for (const reader of this.readers.values()) buffered += reader.bufferedBytes
    return readers.filter(
      (reader) =>
        !reader.paused &&
        !reader.fetched &&
        // One answer is read while another waits and a third is on its way.
        reader.bufferedBytes < 2 * fetchBytes &&
        // Who has nothing buffered may always fetch: a full buffer of others must not starve it.
        (buffered < bufferBytes || reader.bufferedBytes === 0),
    )
  }

  #byTopic(readers: PartitionReader[]) {
    const topics = new Map<string, { partition: number; fetchOffset: string; maxBytes: number }[]>()
    for (const { topic, partition, fetchPosition } of readers) {
      const partitions = topics.get(topic) ?? []
      topics.set(topic, partitions)
      partitions.push({ partition, fetchOffset: String(fetchPosition), maxBytes: this.#options.fetchBytes })
    }
    return [...topics].map(([topic, partitions]) => ({ topic, partitions }))
  }
}

// Errors of kafkajs and of sockets heal; one of our own code would only be hidden by trying again.
function isPassing(error: unknown): boolean {
  // A connection was replaced while the request was open on it.
  if (error instanceof KafkaIoError) return error.code === 'closed'
  return error instanceof Error && (error.name.startsWith('KafkaJS') || 'errno' in error)
}
