import { randomUUID } from 'node:crypto'
import type {} from '@card/local-kafka/vitest-setup'
import type { Admin, Message } from 'kafkajs'
import { describe, expect, inject, vi } from 'vitest'
import { readBatchHeader } from '../../src/batch/batch-header.js'
import type { FetchResponse } from '../../src/batch/fetch-response.js'
import { AnswerBuffers } from '../../src/client/answer-buffers.js'
import { rawCluster } from '../../src/client/hooks.js'
import {
  KafkaClient,
  type KafkaClientOptions,
  KafkaSource,
  recordKey,
  recordValue,
  type SourceEvent,
  type SourceOptions,
  topicOffsets,
} from '../../src/index.js'

/** Tests that need the broker that every file of a run shares. */
export const describeKafka = describe.skipIf(inject('kafkaMode') === 'none')
/** Tests that start brokers of their own. */
export const describeLocalKafka = describe.skipIf(inject('kafkaMode') !== 'local')

export function sharedClient(options: KafkaClientOptions = {}): KafkaClient {
  return new KafkaClient({ brokers: inject('kafkaBrokers') }, { unreachableTimeout: 60_000, ...options })
}

export function clientOf(brokers: string[], options: KafkaClientOptions = {}): KafkaClient {
  return new KafkaClient({ brokers }, { unreachableTimeout: 60_000, ...options })
}

/** A topic that no other test uses. */
export async function newTopic(
  client: KafkaClient,
  { partitions = 1, config = {}, topic = `t-${randomUUID()}` }: NewTopic = {},
): Promise<string> {
  const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }))
  await client.admin((admin: Admin) =>
    admin.createTopics({
      topics: [{ topic, numPartitions: partitions, configEntries }],
      waitForLeaders: false,
    }),
  )
  await untilLed(client, topic, partitions)
  return topic
}

/**
 * Waits until a topic has so many partitions, each with a leader that answers: waitForLeaders of kafkajs fails where
 * the broker it asks has not heard of the topic yet, and knows nothing of partitions that are added.
 */
export async function untilLed(client: KafkaClient, topic: string, partitions: number): Promise<void> {
  await vi.waitUntil(async () => (await topicOffsets(client, topic).catch(() => [])).length === partitions, {
    timeout: 60_000,
  })
}

/**
 * Waits until the partitions of a topic end at these offsets for readers of committed records: the end of a transaction
 * is answered before its markers are written, and until then its records are not there for them.
 */
export async function untilEnds(client: KafkaClient, topic: string, ends: readonly number[]): Promise<void> {
  await expect.poll(async () => (await topicOffsets(client, topic)).map(({ high }) => high)).toEqual(ends)
}

/** The record batches of the first partition from an offset on, as the broker answers. */
export async function batchesOf(client: KafkaClient, topic: string, from: number) {
  const cluster = rawCluster(client.kafka(), { isolationLevel: 0 }, new AnswerBuffers(0))
  try {
    await cluster.connect()
    cluster.targetTopics = new Set([topic])
    await cluster.refreshMetadata()
    const { leader } = cluster.brokerPool.metadata!.topicMetadata[0]!.partitionMetadata[0]!
    const broker = await cluster.findBroker({ nodeId: leader })
    const maxBytes = 1_000_000
    const partitions = [{ partition: 0, fetchOffset: String(from), maxBytes }]
    const topics = [{ topic, partitions }]
    const limits = { maxWaitTime: 100, minBytes: 1, maxBytes, isolationLevel: 0 }
    const response = (await broker.fetch({ ...limits, topics })) as FetchResponse
    const batches: { baseOffset: number; lastOffset: number; count: number }[] = []
    let { start, end } = response.partitions[0]!
    for (
      let header = readBatchHeader(response.view, start, end);
      header !== null;
      header = readBatchHeader(response.view, start, end)
    ) {
      const { baseOffset, lastOffset, count } = header
      batches.push({ baseOffset, lastOffset, count })
      start = header.end
    }
    return batches
  } finally {
    await cluster.abort()
  }
}

export interface NewTopic {
  partitions?: number
  config?: Record<string, string>
  topic?: string
}

/**
 * Writes by kafkajs itself: one send, so one record batch per partition. Where one of the partitions refuses it,
 * kafkajs sends all again: idempotent, so that none of them holds it twice.
 */
export async function write(client: KafkaClient, topic: string, messages: Message[]): Promise<void> {
  const producer = client.kafka().producer({
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner:
      () =>
      ({ message }) =>
        Number(message.partition ?? 0),
  })
  await producer.connect()
  try {
    await producer.send({ topic, messages })
  } finally {
    await producer.disconnect()
  }
}

export function numbered(from: number, to: number, partition = 0): Message[] {
  return Array.from({ length: to - from }, (_, i) => ({
    key: `k${from + i}`,
    value: `v${from + i}`,
    partition,
  }))
}

export interface Row {
  topic: string
  partition: number
  offset: number
  timestamp: number
  key: string | null
  value: string | null
}

/** Copies the rows of an event out, since its arrays are used again. */
export function rowsOf(event: SourceEvent): Row[] {
  if (event.kind !== 'records') return []
  const { columns, topic, partition } = event
  return Array.from({ length: columns.rows }, (_, row) => ({
    topic,
    partition,
    offset: columns.offset[row]!,
    timestamp: columns.timestamp[row]!,
    key: textOf(recordKey(columns, row)),
    value: textOf(recordValue(columns, row)),
  }))
}

function textOf(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : new TextDecoder().decode(bytes)
}

/** Everything up to the end that a topic has at the start. */
export async function readAll(
  client: KafkaClient,
  topic: string,
  options: Partial<SourceOptions> = {},
): Promise<Row[]> {
  const source = await KafkaSource.open(client, {
    topics: [topic],
    from: 'earliest',
    until: 'end',
    ...options,
  })
  const rows: Row[] = []
  for await (const event of source) rows.push(...rowsOf(event))
  return rows
}

/** Reads until a condition holds for what has been read; the source stays open. */
export async function readUntil(
  source: KafkaSource,
  done: (rows: Row[], events: SourceEvent[]) => boolean,
): Promise<Row[]> {
  const rows: Row[] = []
  const events: SourceEvent[] = []
  while (!done(rows, events)) {
    const { value: event, done: over } = await source.next()
    if (over) break
    events.push(event)
    rows.push(...rowsOf(event))
  }
  return rows
}

export const values = (rows: readonly Row[]): (string | null)[] => rows.map(({ value }) => value)
