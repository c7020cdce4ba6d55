import { setTimeout as pause } from 'node:timers/promises'
import type { AnswerBuffers } from '../client/answer-buffers.js'
import { type RawCluster, rawCluster } from '../client/hooks.js'
import type { InternalCluster } from '../client/internals.js'
import type { KafkaClient } from '../client/kafka-client.js'
import { KafkaIoError, type KafkaIoErrorCode } from '../errors.js'
import type { TopicMetadata } from './metadata.js'

export interface ClusterConnectionOptions {
  client: KafkaClient
  metadata: TopicMetadata
  /** The bytes of large answers. */
  buffers: AnswerBuffers
  /** The metadata were refreshed. */
  onRefresh(): void
  /** A request has failed and is tried again. */
  onInterruption(cause: unknown): void
  /** An outage is over: leaders may be others now. */
  onRecovery(): void
  onFailure(error: unknown): void
}

const firstPause = 50
const longestPause = 500

/** What no further attempt changes. */
const final: ReadonlySet<KafkaIoErrorCode> = new Set([
  'login-refused',
  'tls-refused',
  'not-authorized',
  'bad-settings',
  'closed',
])

/** The connection that a source reads over: lost connections, moved leaders and restarts of brokers are healed here. */
export class ClusterConnection {
  readonly #options: ClusterConnectionOptions
  #cluster: RawCluster | null = null
  #recovery: Promise<void> | null = null
  #failingSince: number | null = null
  #closed = false

  constructor(options: ClusterConnectionOptions) {
    this.#options = options
  }

  /** @throws KafkaIoError where brokers are not reached, or refuse us */
  async connect(): Promise<void> {
    await this.#options.client.untilReached(() => this.#reconnect())
  }

  /** @throws `closed` */
  get cluster(): InternalCluster {
    if (this.#cluster === null) throw new KafkaIoError('closed', 'The source is closed: open a new one')
    return this.#cluster
  }

  /** No broker has answered since its last attempts. */
  get failing(): boolean {
    return this.#failingSince !== null
  }

  /** A broker has answered. */
  answered(): void {
    if (this.#failingSince === null) return
    this.#failingSince = null
    this.#options.client.noteReachable()
  }

  async refreshMetadata(): Promise<void> {
    await this.retrying(() => this.#refresh(this.cluster))
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
        if (final.has(explained.code) || Date.now() > end || this.#closed) throw explained
        await this.recover(error)
      }
    }
  }

  /** Asks for metadata until they come, over new connections where need be. Shared: one caller heals, the others wait. */
  recover(cause: unknown): Promise<void> {
    this.#recovery ??= this.#heal(cause).finally(() => {
      this.#recovery = null
      this.#options.onRecovery()
    })
    return this.#recovery
  }

  get recovering(): boolean {
    return this.#recovery !== null
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#cluster?.abort().catch(() => {})
    this.#cluster = null
  }

  async #heal(cause: unknown): Promise<void> {
    const { client, onFailure, onInterruption } = this.#options
    let last = cause
    onInterruption(cause)
    for (let wait = firstPause; !this.#closed; wait = Math.min(longestPause, wait * 2)) {
      await pause(wait)
      if (this.#closed) return
      try {
        // A moved leader only needs new metadata; if refreshing fails, reconnect.
        if (wait === firstPause) await this.#refresh(this.cluster)
        else await this.#reconnect()
        return this.answered()
      } catch (error) {
        last = error
        onInterruption(error)
        this.#failingSince ??= Date.now()
        const end = this.#failingSince + client.unreachableTimeout
        const { code } = client.explain(error)
        if (code !== 'broker-unreachable' && code !== 'request-failed')
          return onFailure(client.explain(error))
        if (Date.now() > end) return onFailure(client.unreachable(last))
        client.noteUnreachable(error, end)
      }
    }
  }

  async #refresh(cluster: InternalCluster): Promise<void> {
    await this.#options.metadata.refresh(cluster)
    this.#options.onRefresh()
  }

  async #reconnect(): Promise<void> {
    const old = this.#cluster
    // kafkajs is to fail at once here: the waiting is done by the callers.
    const kafka = this.#options.client.kafka({ requestTimeout: 10_000, retry: { retries: 0 } })
    const limits = { metadataMaxAge: Number.MAX_SAFE_INTEGER, allowAutoTopicCreation: false }
    const cluster = rawCluster(kafka, limits, this.#options.buffers)
    try {
      await cluster.connect()
      await this.#refresh(cluster)
    } catch (error) {
      void cluster.abort().catch(() => {})
      throw error
    }
    this.#cluster = cluster
    void old?.abort().catch(() => {})
  }
}
