// What is used of kafkajs 2.2.4 beyond its public types. The version is pinned for that reason.
import type { ISocketFactory, Kafka } from 'kafkajs'
import { KafkaIoError } from '../errors.js'

/** The versions a broker speaks, by API key. */
export type Versions = Readonly<Record<number, { maxVersion: number }>>

export interface InternalRequest {
  request: { apiKey: number; apiVersion: number; apiName: string; encode(): Promise<unknown> }
  response: { decode(payload: Buffer): Promise<unknown>; parse(decoded: unknown): Promise<unknown> }
  /** ms; null or absent: the connection's */
  requestTimeout?: number | null
}

export interface InternalRequestQueue {
  pending: unknown[]
  throttledUntil: number
  fulfillRequest(answer: { correlationId: number; payload: Buffer; size: number }): void
  scheduleCheckPendingRequests(): void
}

export interface InternalConnection {
  requestQueue: InternalRequestQueue
  /** What the broker speaks, by API key; null before it has said so. */
  versions: Versions | null
  /** Makes the socket of each attempt to connect. */
  socketFactory: ISocketFactory
  /** Not null while a login is going on. */
  authHandlers: object | null
  /** Takes bytes as they come from the socket. */
  processData(bytes: Buffer): void
  rejectRequests(error: Error): void
  connect(): Promise<unknown>
}

export interface InternalConnectionPool {
  pool: InternalConnection[]
  send(request: InternalRequest): Promise<unknown>
}

export interface InternalBroker {
  nodeId: number
  versions: Versions | null
  connectionPool: InternalConnectionPool
  isConnected(): boolean
  disconnect(): Promise<void>
  listOffsets(request: {
    isolationLevel: number
    topics: { topic: string; partitions: { partition: number; timestamp: number }[] }[]
  }): Promise<{
    responses: { topic: string; partitions: { partition: number; offset: string }[] }[]
  }>
  findGroupCoordinator(request: {
    groupId: string
    coordinatorType: number
  }): Promise<{ coordinator: { nodeId: number } }>
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
  /** Of this topic and no later one of its name, 32 hexadecimal digits; null where the broker tells none. */
  topicId?: string | null
  isInternal: boolean
  partitionMetadata: { partitionErrorCode: number; partitionId: number; leader: number }[]
}

export interface InternalMetadata {
  brokers: { nodeId: number; host: string; port: number; rack: string | null }[]
  clusterId: string | null
  controllerId: number
  topicMetadata: InternalTopicMetadata[]
  throttleTime: number
  clientSideThrottleTime: number
}

export interface InternalCluster {
  targetTopics: Set<string>
  connectionPoolBuilder: {
    build(destination?: { host?: string; port?: number }): Promise<InternalConnectionPool>
  }
  brokerPool: {
    metadata: Pick<InternalMetadata, 'topicMetadata'> | null
    findConnectedBroker(): Promise<InternalBroker>
  }
  connect(): Promise<void>
  disconnect(): Promise<void>
  refreshMetadata(): Promise<void>
  findBroker(node: { nodeId: number }): Promise<InternalBroker>
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
