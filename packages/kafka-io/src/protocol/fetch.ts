import type { FetchedPartition, FetchResponse } from '../batch/fetch-response.js'
import type { InternalBroker, InternalRequest } from '../client/internals.js'
import { type Api, flexibleRequest, speaks } from './request.js'
import type { WireReader } from './wire-reader.js'

const fetchApi: Api = { name: 'Fetch', key: 1, version: 13 }
/** How long an answer may take beyond the time that the broker was asked to wait; ms. */
const answerPatience = 10_000

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
 * Fetches record batches, by topic id if the broker can (Kafka 3.1 and later): one that was deleted and recreated is
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

function fetchRequest(request: FetchRequest): InternalRequest {
  const { maxWaitTime, minBytes, maxBytes, isolationLevel, topics } = request
  const names = new Map(topics.map(({ topic, topicId }) => [topicId!, topic]))
  const { response, ...wire } = flexibleRequest(
    fetchApi,
    (body) => {
      // No replica, no fetch session, no leader epoch, no rack.
      body.int32(-1).int32(maxWaitTime).int32(minBytes).int32(maxBytes).int8(isolationLevel)
      body.int32(0).int32(-1)
      body.compactArray(topics, ({ topicId, partitions }) => {
        body.uuid(topicId!)
        body.compactArray(partitions, ({ partition, fetchOffset, maxBytes }) => {
          body.int32(partition).int32(-1).int64(BigInt(fetchOffset)).int32(-1).int64(-1n).int32(maxBytes)
          body.noTaggedFields()
        })
        body.noTaggedFields()
      })
      body
        .compactArray([], () => {})
        .compactString('')
        .noTaggedFields()
    },
    (body) => readFetch(body, names),
  )
  const decode = async (answer: Buffer): Promise<FetchResponse> => {
    const view = new DataView(answer.buffer, answer.byteOffset, answer.byteLength)
    return { ...(await response.decode(answer)), bytes: answer, view, readers: 0 }
  }
  const parse = async (decoded: unknown) => decoded
  return { ...wire, response: { decode, parse }, requestTimeout: maxWaitTime + answerPatience }
}

/**
 * The answer to Fetch, version 13: throttle i32, error i16, session i32, topics[] {id, partitions[] {number i32, error
 * i16, high watermark i64, last stable i64, log start i64, aborted[] {producer i64, first offset i64}, replica i32,
 * records}}. Record batches stay where they are.
 */
function readFetch(body: WireReader, names: ReadonlyMap<string, string>) {
  const throttleTime = body.int32()
  const errorCode = body.int16()
  body.int32()
  const partitions = body
    .compactArray(() => {
      const topic = names.get(body.uuid()) ?? ''
      const found = body.compactArray(() => readPartition(body, topic))
      body.taggedFields()
      return found
    })
    .flat()
  return { throttleTime, clientSideThrottleTime: throttleTime, errorCode, partitions }
}

function readPartition(body: WireReader, topic: string): FetchedPartition {
  const partition = body.int32()
  const errorCode = body.int16()
  const highWatermark = Number(body.int64())
  const lastStableOffset = Number(body.int64())
  const logStartOffset = Number(body.int64())
  const aborted = body.compactArray(() => {
    const transaction = { producerId: body.int64(), firstOffset: Number(body.int64()) }
    body.taggedFields()
    return transaction
  })
  body.int32()
  const records = body.compactBytes()
  body.taggedFields()
  return { topic, partition, errorCode, highWatermark, lastStableOffset, logStartOffset, aborted, ...records }
}
