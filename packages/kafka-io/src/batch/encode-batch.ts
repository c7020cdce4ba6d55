import { headerLength } from './batch-header.js'
import { crc32c } from './crc32c.js'

/** A record to encode; strings are written as UTF-8. */
export interface BatchRecord {
  readonly key?: Uint8Array | string | null
  readonly value: Uint8Array | string | null
  readonly headers?: Readonly<Record<string, Uint8Array | string>>
  /** ms since the Unix epoch */
  readonly timestamp: number
}

/** The producer of a batch, and its place in the producer's sequence for the partition. */
export interface BatchProducer {
  readonly producerId: bigint
  readonly epoch: number
  /** of the first record, from 0; wraps from 2^31 - 1 to 0 */
  readonly sequence: number
  readonly transactional: boolean
}

const transactionalBit = 16

/**
 * The bytes of an uncompressed record batch of format 2 (its header is drawn at `BatchHeader`), as a producer sends it:
 * the base offset is 0 and the leader epoch -1, for the broker fills them in.
 *
 * @param records at least one
 */
export function encodeBatch(records: readonly BatchRecord[], producer: BatchProducer): Buffer {
  const baseTimestamp = records[0]!.timestamp
  let maxTimestamp = baseTimestamp
  let size = headerLength
  const bodySizes = records.map((record, i) => {
    if (record.timestamp > maxTimestamp) maxTimestamp = record.timestamp
    const bodySize = bodySizeOf(record, record.timestamp - baseTimestamp, i)
    size += varintSize(bodySize) + bodySize
    return bodySize
  })
  const bytes = Buffer.allocUnsafe(size)
  bytes.writeBigInt64BE(0n, 0)
  bytes.writeInt32BE(size - 12, 8)
  bytes.writeInt32BE(-1, 12)
  bytes.writeInt8(2, 16)
  bytes.writeInt16BE(producer.transactional ? transactionalBit : 0, 21)
  bytes.writeInt32BE(records.length - 1, 23)
  bytes.writeBigInt64BE(BigInt(baseTimestamp), 27)
  bytes.writeBigInt64BE(BigInt(maxTimestamp), 35)
  bytes.writeBigInt64BE(producer.producerId, 43)
  bytes.writeInt16BE(producer.epoch, 51)
  bytes.writeInt32BE(producer.sequence, 53)
  bytes.writeInt32BE(records.length, 57)
  let at = headerLength
  records.forEach((record, i) => {
    at = writeVarint(bytes, at, bodySizes[i]!)
    at = writeBody(bytes, at, record, record.timestamp - baseTimestamp, i)
  })
  bytes.writeUInt32BE(crc32c(bytes, 21), 17)
  return bytes
}

/** Bytes that a record takes in a batch, whose first record is the only one with smaller numbers around it. */
export function encodedSize(record: BatchRecord, timestampDelta: number, offsetDelta: number): number {
  const bodySize = bodySizeOf(record, timestampDelta, offsetDelta)
  return varintSize(bodySize) + bodySize
}

function bodySizeOf(
  { key, value, headers }: BatchRecord,
  timestampDelta: number,
  offsetDelta: number,
): number {
  let size = 1 + varlongSize(timestampDelta) + varintSize(offsetDelta) + spanSize(key) + spanSize(value)
  let count = 0
  for (const name in headers) {
    size += spanSize(name) + spanSize(headers[name])
    count++
  }
  return size + varintSize(count)
}

function writeBody(
  bytes: Buffer,
  start: number,
  { key, value, headers }: BatchRecord,
  timestampDelta: number,
  offsetDelta: number,
): number {
  let at = start
  bytes[at++] = 0
  at = writeVarlong(bytes, at, timestampDelta)
  at = writeVarint(bytes, at, offsetDelta)
  at = writeSpan(bytes, at, key)
  at = writeSpan(bytes, at, value)
  const names = headers === undefined ? [] : Object.keys(headers)
  at = writeVarint(bytes, at, names.length)
  for (const name of names) {
    at = writeSpan(bytes, at, name)
    at = writeSpan(bytes, at, headers![name])
  }
  return at
}

function lengthOf(part: Uint8Array | string | null | undefined): number {
  if (part === null || part === undefined) return -1
  return typeof part === 'string' ? Buffer.byteLength(part) : part.length
}

function spanSize(part: Uint8Array | string | null | undefined): number {
  const length = lengthOf(part)
  return varintSize(length) + Math.max(0, length)
}

function writeSpan(bytes: Buffer, start: number, part: Uint8Array | string | null | undefined): number {
  const length = lengthOf(part)
  const at = writeVarint(bytes, start, length)
  if (typeof part === 'string') return at + bytes.write(part, at)
  if (length > 0) bytes.set(part!, at)
  return at + Math.max(0, length)
}

// Zigzag varints (protobuf's encoding of sint32 and sint64).

function varintSize(value: number): number {
  let left = ((value << 1) ^ (value >> 31)) >>> 0
  let size = 1
  while (left > 127) {
    left >>>= 7
    size++
  }
  return size
}

function writeVarint(bytes: Buffer, start: number, value: number): number {
  let at = start
  let left = ((value << 1) ^ (value >> 31)) >>> 0
  while (left > 127) {
    bytes[at++] = (left & 127) | 128
    left >>>= 7
  }
  bytes[at++] = left
  return at
}

// Differences of timestamps may pass 32 bits; doubles hold every one of them, doubled by zigzag, below 2^53.

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value
}

function varlongSize(value: number): number {
  let left = zigzag(value)
  let size = 1
  while (left > 127) {
    left = Math.floor(left / 128)
    size++
  }
  return size
}

function writeVarlong(bytes: Buffer, start: number, value: number): number {
  let at = start
  let left = zigzag(value)
  while (left > 127) {
    bytes[at++] = (left % 128) | 128
    left = Math.floor(left / 128)
  }
  bytes[at++] = left
  return at
}
