import { encodeRecord } from '@card/testing'
import { crc32c } from '../../src/batch/crc32c.js'

export interface PlainRecord {
  offset: number
  timestamp: number
  key: Uint8Array | null
  value: Uint8Array | null
  headers?: [Uint8Array, Uint8Array | null][]
}

export interface BatchFields {
  baseOffset: number
  /** Of the last record, there or not. */
  lastOffset: number
  records: PlainRecord[]
  codec?: number
  compress?: (records: Uint8Array) => Uint8Array
  transactional?: boolean
  control?: boolean
  brokerTime?: boolean
  producerId?: bigint
}

/** A record batch, written after the format's description (kafka.apache.org/documentation/#recordbatch). */
export function encodeBatch(fields: BatchFields): Buffer {
  const { baseOffset, lastOffset, records, codec = 0, compress, producerId = -1n } = fields
  const baseTimestamp = records[0]?.timestamp ?? 0
  const plain = Buffer.concat(
    records.map(({ offset, timestamp, key, value, headers = [] }) =>
      encodeRecord({
        timeDelta: timestamp - baseTimestamp,
        offsetDelta: offset - baseOffset,
        key,
        value,
        headers,
      }),
    ),
  )
  const body = compress === undefined ? plain : compress(plain)
  const batch = Buffer.alloc(61 + body.length)
  batch.writeBigInt64BE(BigInt(baseOffset), 0)
  batch.writeInt32BE(batch.length - 12, 8)
  batch.writeInt8(2, 16)
  const flags = (fields.brokerTime ? 8 : 0) | (fields.transactional ? 16 : 0) | (fields.control ? 32 : 0)
  batch.writeInt16BE(codec | flags, 21)
  batch.writeInt32BE(lastOffset - baseOffset, 23)
  batch.writeBigInt64BE(BigInt(baseTimestamp), 27)
  batch.writeBigInt64BE(BigInt(Math.max(0, ...records.map(({ timestamp }) => timestamp))), 35)
  batch.writeBigInt64BE(producerId, 43)
  batch.writeInt32BE(records.length, 57)
  batch.set(body, 61)
  batch.writeUInt32BE(crc32c(batch, 21), 17)
  return batch
}

/** The marker that ends a transaction. */
export function encodeMarker(offset: number, producerId: bigint, type: 'abort' | 'commit'): Buffer {
  const key = Buffer.from([0, 0, 0, type === 'abort' ? 0 : 1])
  const record = { offset, timestamp: 0, key, value: Buffer.alloc(6) }
  const flags = { transactional: true, control: true }
  return encodeBatch({ baseOffset: offset, lastOffset: offset, records: [record], producerId, ...flags })
}

export interface PartitionAnswer {
  topic: string
  partition: number
  errorCode?: number
  highWatermark: number
  lastStableOffset?: number
  logStartOffset?: number
  aborted?: [bigint, number][]
  records: Uint8Array
}

/** The answer to Fetch 11, one topic entry per partition. */
export function encodeAnswer(partitions: PartitionAnswer[]): Buffer {
  const parts = [Buffer.alloc(14)]
  parts[0]!.writeInt32BE(partitions.length, 10)
  for (const each of partitions) {
    const { topic, partition, errorCode = 0, highWatermark, aborted = [], records } = each
    const name = Buffer.from(topic)
    const head = Buffer.alloc(2 + name.length + 4 + 34)
    head.writeInt16BE(name.length, 0)
    head.set(name, 2)
    let at = 2 + name.length
    head.writeInt32BE(1, at)
    head.writeInt32BE(partition, at + 4)
    head.writeInt16BE(errorCode, at + 8)
    head.writeBigInt64BE(BigInt(highWatermark), at + 10)
    head.writeBigInt64BE(BigInt(each.lastStableOffset ?? highWatermark), at + 18)
    head.writeBigInt64BE(BigInt(each.logStartOffset ?? 0), at + 26)
    head.writeInt32BE(aborted.length, at + 34)
    const list = Buffer.alloc(aborted.length * 16 + 8)
    at = 0
    for (const [producerId, firstOffset] of aborted) {
      list.writeBigInt64BE(producerId, at)
      list.writeBigInt64BE(BigInt(firstOffset), at + 8)
      at += 16
    }
    list.writeInt32BE(-1, at)
    list.writeInt32BE(records.length, at + 4)
    parts.push(head, list, Buffer.from(records))
  }
  return Buffer.concat(parts)
}
