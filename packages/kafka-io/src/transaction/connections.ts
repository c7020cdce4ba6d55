import { setTimeout as pause } from 'node:timers/promises'
import type { FetchResponse } from '../batch/fetch-response.js'
import { AnswerBuffers } from '../client/answer-buffers.js'
import { isConnectionError } from '../client/error-chain.js'
import { type RawCluster, rawCluster } from '../client/hooks.js'
import { type KafkaClient, patientRetries } from '../client/kafka-client.js'
import type { WireRequest } from '../protocol/request.js'

const readUncommitted = 0

/** Asked for again no sooner than this, so that many producers waiting for one leader ask once; ms. */
const refreshInterval = 100

/**
 * One connection to each broker, shared by every transactional producer of a process, and what is known of the cluster:
 * who leads a partition.
 */
export class Connections {
  readonly #cluster: RawCluster
  readonly #topics = new Set<string>()
  readonly #leaders = new Map<string, number>()
  readonly #partitions = new Map<string, number>()
  readonly #ids = new Map<string, string>()
  #connecting: Promise<void> | null = null
  #refreshing: Promise<void> | null = null
  #refreshed = Number.NEGATIVE_INFINITY

  constructor(client: KafkaClient) {
    // Retries happen here: with the long retries of kafkajs a fencing could not be aborted.
    const kafka = client.kafka({ retry: { ...patientRetries, retries: 1 } })
    this.#cluster = rawCluster(kafka, { metadataMaxAge: 300_000 }, new AnswerBuffers(0))
  }

  /** @throws what kafkajs throws where no broker is reached */
  async connect(): Promise<void> {
    // Connecting twice at once would leak a socket.
    this.#connecting ??= this.#cluster.connect().finally(() => {
      this.#connecting = null
    })
    await this.#connecting
  }

  async close(): Promise<void> {
    await this.#cluster.abort()
  }

  /** The node that leads a partition; null where there is none now. */
  async leaderOf(topic: string, partition: number): Promise<number | null> {
    if (!this.#topics.has(topic)) {
      this.#topics.add(topic)
      await this.refresh()
    }
    return this.#leaders.get(`${topic}/${partition}`) ?? null
  }

  /** How many partitions a topic has; 0 where it does not exist. */
  async partitionsOf(topic: string): Promise<number> {
    if (!this.#topics.has(topic)) {
      this.#topics.add(topic)
      await this.refresh()
    }
    return this.#partitions.get(topic) ?? 0
  }

  /** The id of a topic as the brokers have it now, 32 hexadecimal digits; null where there is none, or brokers tell none. */
  async topicId(topic: string): Promise<string | null> {
    this.#topics.add(topic)
    await this.refresh()
    return this.#ids.get(topic) ?? null
  }

  /** Refreshes the leaders of partitions. */
  async refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = null
    })
    await this.#refreshing
  }

  /** @throws what kafkajs throws where the node is not reached or does not answer */
  async send<T>(nodeId: number, request: WireRequest<T>): Promise<T> {
    const broker = await this.#cluster.findBroker({ nodeId })
    return (await broker.connectionPool.send(request)) as T
  }

  /** Record batches from an offset on, as their leader has them; they may begin before it. Null while there is no leader. */
  async fetch(
    topic: string,
    partition: number,
    offset: number,
    maxBytes: number,
  ): Promise<FetchResponse | null> {
    const nodeId = await this.leaderOf(topic, partition)
    if (nodeId === null) return null
    const broker = await this.#cluster.findBroker({ nodeId })
    const partitions = [{ partition, fetchOffset: String(offset), maxBytes }]
    const limits = { maxWaitTime: 500, minBytes: 1, maxBytes, isolationLevel: readUncommitted }
    return (await broker.fetch({ ...limits, topics: [{ topic, partitions }] })) as FetchResponse
  }

  /** Sends to whichever broker answers first. @throws the last node's error */
  async sendToAny<T>(request: WireRequest<T>): Promise<T> {
    await this.connect()
    if (this.#nodes.length === 0) await this.refresh()
    let failure: unknown = new Error('the cluster names no broker')
    for (const nodeId of this.#nodes) {
      try {
        return await this.send(nodeId, request)
      } catch (error) {
        if (!isConnectionError(error)) throw error
        failure = error
      }
    }
    throw failure
  }

  get #nodes(): number[] {
    const metadata = this.#cluster.brokerPool.metadata as { brokers?: { nodeId: number }[] } | null
    return metadata?.brokers?.map(({ nodeId }) => nodeId) ?? []
  }

  async #refresh(): Promise<void> {
    const wait = this.#refreshed + refreshInterval - performance.now()
    if (wait > 0) await pause(wait)
    this.#refreshed = performance.now()
    await this.connect()
    this.#cluster.targetTopics = new Set(this.#topics)
    await this.#cluster.refreshMetadata()
    this.#leaders.clear()
    this.#partitions.clear()
    this.#ids.clear()
    for (const { topic, topicId, partitionMetadata } of this.#cluster.brokerPool.metadata?.topicMetadata ??
      []) {
      this.#partitions.set(topic, partitionMetadata.length)
      if (topicId != null) this.#ids.set(topic, topicId)
      for (const { partitionId, leader } of partitionMetadata) {
        if (leader >= 0) this.#leaders.set(`${topic}/${partitionId}`, leader)
      }
    }
  }
}
