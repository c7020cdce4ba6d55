import { KafkaIoError } from '../errors.js'
import type { AbortedTransaction } from './aborted-filter.js'
import { readInt64 } from './batch-header.js'

export interface FetchedPartition {
  topic: string
  partition: number
  /** 0: none. */
  errorCode: number
  highWatermark: number
  /** First offset a reader of committed records may not pass yet. */
  lastStableOffset: number
  logStartOffset: number
  aborted: AbortedTransaction[]
  /** The record batches: `bytes[start, end)` of the answer, the last one possibly cut. */
  start: number
  end: number
}

export interface FetchResponse {
  throttleTime: number
  /** The pause that the broker asks for, where kafkajs looks for it; ms. */
  clientSideThrottleTime: number
  errorCode: number
  partitions: FetchedPartition[]
  bytes: Uint8Array
  view: DataView
  /** How many readers still have something in `bytes`. */
  readers: number
}

const text = new TextDecoder()

/**
 * The answer to Fetch, version 11: throttle i32, error i16, session i32, topics[] {name str16, partitions[]
 * {id i32, error i16, high watermark i64, last stable i64, log start i64, aborted[] {producer i64, first
 * offset i64}, replica i32, records bytes32}}; a length of -1 is null. Record batches stay where they are.
 *
 * @throws `corrupt-batch` where the answer ends early
 */
export function readFetchResponse(bytes: Uint8Array): FetchResponse {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    const partitions: FetchedPartition[] = []
    let at = 14
    for (let topics = view.getInt32(10); topics > 0; topics--) {
      const nameLength = view.getInt16(at)
      const topic = text.decode(bytes.subarray(at + 2, at + 2 + nameLength))
      at += 2 + nameLength
      const count = view.getInt32(at)
      at += 4
      for (let i = 0; i < count; i++) {
        const partition = readPartition(view, at, topic)
        partitions.push(partition)
        at = partition.end
      }
    }
    const throttleTime = view.getInt32(0)
    return {
      throttleTime,
      clientSideThrottleTime: throttleTime,
      errorCode: view.getInt16(4),
      partitions,
      bytes,
      view,
      readers: 0,
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new KafkaIoError(
      'corrupt-batch',
      `The response to a fetch ends early, after ${bytes.length} bytes`,
      {
        cause: error,
      },
    )
  }
}

function readPartition(view: DataView, from: number, topic: string): FetchedPartition {
  const aborted: AbortedTransaction[] = []
  let at = from + 34
  for (let left = view.getInt32(from + 30); left > 0; left--) {
    aborted.push({ producerId: view.getBigInt64(at), firstOffset: readInt64(view, at + 8) })
    at += 16
  }
  const size = Math.max(0, view.getInt32(at + 4))
  const start = at + 8
  if (start + size > view.byteLength) throw new RangeError('records')
  return {
    topic,
    partition: view.getInt32(from),
    errorCode: view.getInt16(from + 4),
    highWatermark: readInt64(view, from + 6),
    lastStableOffset: readInt64(view, from + 14),
    logStartOffset: readInt64(view, from + 22),
    aborted,
    start,
    end: start + size,
  }
}
