// What is used of kafkajs 2.2.4 beyond its public types. The version is pinned for that reason.
import type { ISocketFactory, Kafka } from 'kafkajs'
import { KafkaIoError } from '../errors.js'

export interface InternalRequest {
  request: { apiKey: number; apiVersion: number }
  response: { decode(payload: Buffer): Promise<unknown>; parse(decoded: unknown): Promise<unknown> }
}

export interface InternalRequestQueue {
  pending: unknown[]
  throttledUntil: number
  fulfillRequest(answer: { correlationId: number; payload: Buffer; size: number }): void
  scheduleCheckPendingRequests(): void
}

export interface InternalConnection {
  requestQueue: InternalRequestQueue
  /** Makes the socket of each attempt to connect. */
  socketFactory: ISocketFactory
  /** Not null while a login is going on. */
  authHandlers: object | null
  /** Takes bytes as they come from the socket. */
  processData(bytes: Buffer): void
  rejectRequests(error: Error): void
}

export interface InternalConnectionPool {
  pool: InternalConnection[]
  send(request: InternalRequest): Promise<unknown>
}

interface InternalBroker {
  nodeId: number
  isConnected(): boolean
  disconnect(): Promise<void>
  fetch(request: {
    maxWaitTime: number
    minBytes: number
    maxBytes: number
    isolationLevel: number
    topics: { topic: string; partitions: { partition: number; fetchOffset: string; maxBytes: number }[] }[]
  }): Promise<unknown>
}

export interface InternalTopicMetadata {
  topicErrorCode: number
  topic: string
  isInternal: boolean
  partitionMetadata: { partitionErrorCode: number; partitionId: number; leader: number }[]
}

export interface InternalCluster {
  targetTopics: Set<string>
  connectionPoolBuilder: { build(destination?: unknown): Promise<InternalConnectionPool> }
  brokerPool: { metadata: { topicMetadata: InternalTopicMetadata[] } | null }
  connect(): Promise<void>
  disconnect(): Promise<void>
  refreshMetadata(): Promise<void>
  findBroker(node: { nodeId: number }): Promise<InternalBroker>
  fetchTopicsOffset(
    topics: {
      topic: string
      partitions: { partition: number }[]
      fromBeginning?: boolean
      fromTimestamp?: number
    }[],
  ): Promise<{ topic: string; partitions: { partition: number; offset: string }[] }[]>
}

interface ClusterOptions {
  metadataMaxAge?: number
  allowAutoTopicCreation?: boolean
  maxInFlightRequests?: number | null
  instrumentationEmitter?: unknown
  isolationLevel?: number
}

export type CreateCluster = (options: ClusterOptions) => InternalCluster

/**
 * The property by which a Kafka object makes its clusters.
 *
 * @throws `wrong-kafkajs` where there is none
 */
export function createClusterOf(kafka: Kafka): {
  get(): CreateCluster
  set(replacement: CreateCluster): void
} {
  const symbol = Object.getOwnPropertySymbols(kafka).find(
    ({ description }) => description === 'private:Kafka:createCluster',
  )
  if (symbol === undefined) {
    throw new KafkaIoError(
      'wrong-kafkajs',
      'Expected kafkajs 2.2.4, found one without private:Kafka:createCluster: install exactly that version, unbundled',
    )
  }
  const holder = kafka as unknown as Record<symbol, CreateCluster>
  return {
    get: () => holder[symbol]!,
    set: (replacement) => {
      holder[symbol] = replacement
    },
  }
}
