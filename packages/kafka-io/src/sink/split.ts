import { KafkaIoError } from '../errors.js'

/** A record to write; strings are written as UTF-8. */
export interface SinkRecord {
  /** Default null: no key. */
  key?: Uint8Array | string | null
  /** Null: a tombstone, which deletes the key from a compacted topic. */
  value: Uint8Array | string | null
  headers?: Readonly<Record<string, Uint8Array | string>>
  /** Default: by the key, as Kafka's own clients do (murmur2). */
  partition?: number
  /** Milliseconds since the epoch; default: the wall clock at sending. A topic may have the broker stamp its own instead. */
  timestamp?: number
}

/** The most that numbers around a record take: length, attributes, time, offset, three lengths. */
const recordOverhead = 36
const headerOverhead = 10
/** A record batch before its records. */
const batchOverhead = 61

/** An upper bound of what a record takes in an uncompressed batch, in bytes. */
export function recordSize({ key, value, headers }: SinkRecord): number {
  let size = recordOverhead + bytesOf(key) + bytesOf(value)
  for (const name in headers) size += headerOverhead + Buffer.byteLength(name) + bytesOf(headers[name])
  return size
}

export interface SplitLimits {
  /** What a batch is filled up to. */
  targetBytes: number
  targetRecords: number
  /** What the broker takes (its max.message.bytes), or null where compression decides that. */
  limit: number | null
}

/**
 * Cuts records into sends, in order: kafkajs makes one batch per partition of every send and never splits it,
 * and a broker refuses a batch beyond its limit as a whole.
 *
 * @throws `record-too-large` where one record alone is beyond the limit
 */
export function* split(
  topic: string,
  records: readonly SinkRecord[],
  { targetBytes, targetRecords, limit }: SplitLimits,
): Generator<SinkRecord[]> {
  const target = limit === null ? targetBytes : Math.min(targetBytes, limit)
  let from = 0
  let size = batchOverhead
  for (let i = 0; i < records.length; i++) {
    const next = recordSize(records[i]!)
    if (limit !== null && next + batchOverhead > limit) throw tooLarge(topic, next, limit)
    if (i > from && (size + next > target || i - from >= targetRecords)) {
      yield records.slice(from, i)
      from = i
      size = batchOverhead
    }
    size += next
  }
  if (from < records.length) yield from === 0 ? [...records] : records.slice(from)
}

export function tooLarge(
  topic: string,
  size: number | null,
  limit: number | null,
  cause?: unknown,
): KafkaIoError {
  const found = size === null ? 'one' : `one of about ${size}`
  return new KafkaIoError(
    'record-too-large',
    `Expected records that ${topic} accepts${limit === null ? '' : ` (up to ${limit} bytes)`}, found ${found}, which is larger: ` +
      "raise the topic's max.message.bytes, or compress",
    { cause },
  )
}

function bytesOf(part: Uint8Array | string | null | undefined): number {
  if (part === null || part === undefined) return 0
  return typeof part === 'string' ? Buffer.byteLength(part) : part.length
}
