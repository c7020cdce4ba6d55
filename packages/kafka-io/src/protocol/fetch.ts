import type { FetchedPartition, FetchResponse } from '../batch/fetch-response.js'
import type { InternalBroker, InternalRequest } from '../client/internals.js'
import { AnswerReader } from './answer-reader.js'
import { fetchApi, requestOf, speaks } from './api.js'
import { RequestWriter } from './request-writer.js'

export interface FetchRequest {
  maxWaitTime: number
  minBytes: number
  maxBytes: number
  isolationLevel: number
  topics: {
    topic: string
    /** Null where the broker is too old for ids. */
    topicId: string | null
    partitions: { partition: number; fetchOffset: number; maxBytes: number }[]
  }[]
}

/**
 * Fetches record batches, by topic id where the broker can (Kafka 3.1 and later): one that was deleted and made anew is
 * never taken for the one before.
 */
export function fetchBatches(broker: InternalBroker, request: FetchRequest): Promise<FetchResponse> {
  const byId = speaks(broker.versions, fetchApi) && request.topics.every(({ topicId }) => topicId !== null)
  if (byId) return broker.connectionPool.send(fetchRequest(request)) as Promise<FetchResponse>
  const topics = request.topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map((each) => ({ ...each, fetchOffset: String(each.fetchOffset) })),
  }))
  return broker.fetch({ ...request, topics }) as Promise<FetchResponse>
}

function fetchRequest({
  maxWaitTime,
  minBytes,
  maxBytes,
  isolationLevel,
  topics,
}: FetchRequest): InternalRequest {
  // No replica, no fetch session, no leader epoch, no rack.
  const writer = new RequestWriter().int32(-1).int32(maxWaitTime).int32(minBytes).int32(maxBytes)
  writer.int8(isolationLevel).int32(0).int32(-1)
  writer.array(topics, ({ topicId, partitions }) => {
    writer.uuid(topicId!)
    writer.array(partitions, ({ partition, fetchOffset, maxBytes }) => {
      writer.int32(partition).int32(-1).int64(fetchOffset).int32(-1).int64(-1).int32(maxBytes).tags()
    })
    writer.tags()
  })
  writer
    .array([], () => {})
    .string('')
    .tags()
  const names = new Map(topics.map(({ topic, topicId }) => [topicId!, topic]))
  return requestOf(fetchApi, writer.body, (answer) => readFetch(answer, names))
}

/**
 * The answer to Fetch, version 13: throttle i32, error i16, session i32, topics[] {id, partitions[] {number i32, error
 * i16, high watermark i64, last stable i64, log start i64, aborted[] {producer i64, first offset i64}, replica i32,
 * records}}. Record batches stay where they are.
 */
function readFetch(bytes: Buffer, names: ReadonlyMap<string, string>): FetchResponse {
  const reader = new AnswerReader(bytes)
  const throttleTime = reader.int32()
  const errorCode = reader.int16()
  reader.int32()
  const partitions: FetchedPartition[] = []
  reader.array(() => {
    const topic = names.get(reader.uuid()) ?? ''
    reader.array(() => partitions.push(readPartition(reader, topic)))
    reader.tags()
  })
  return {
    throttleTime,
    errorCode,
    partitions,
    bytes,
    view: reader.view,
    readers: 0,
    clientSideThrottleTime: throttleTime,
  }
}

function readPartition(reader: AnswerReader, topic: string): FetchedPartition {
  const partition = reader.int32()
  const errorCode = reader.int16()
  const highWatermark = reader.int64()
  const lastStableOffset = reader.int64()
  const logStartOffset = reader.int64()
  const aborted = reader.array(() => {
    const transaction = { producerId: reader.bigInt64(), firstOffset: reader.int64() }
    reader.tags()
    return transaction
  })
  reader.int32()
  const size = Math.max(0, reader.uvarint() - 1)
  const start = reader.skip(size)
  reader.tags()
  const offsets = { highWatermark, lastStableOffset, logStartOffset }
  return { topic, partition, errorCode, ...offsets, aborted, start, end: start + size }
}
