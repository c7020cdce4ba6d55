import { KafkaIoError } from '../errors.js'
import { crc32c } from './crc32c.js'

/** Bytes of a record batch before its records. */
export const headerLength = 61
/** Bytes before what the length field counts: base offset i64 and the length i32 itself. */
const lengthOverhead = 12

/**
 * The header of a record batch, format 2 (kafka.apache.org/documentation/#recordbatch), big endian:
 *
 *  0 base offset i64 | 8 length i32 | 12 leader epoch i32 | 16 magic i8 = 2 | 17 crc32c u32 of 21..end
 * 21 attributes i16 | 23 last offset delta i32 | 27 base timestamp i64 | 35 max timestamp i64
 * 43 producer id i64 | 51 producer epoch i16 | 53 base sequence i32 | 57 count i32 | 61 records
 *
 * attributes: bits 0-2 codec, 8 timestamps of the broker, 16 transactional, 32 control
 */
export interface BatchHeader {
  /** Where the batch lies in its buffer. */
  start: number
  end: number
  baseOffset: number
  /** Offset of the batch's last record, also of one that compaction has removed since. */
  lastOffset: number
  codec: number
  transactional: boolean
  control: boolean
  /** The broker set the timestamps: all records have maxTimestamp. */
  brokerTime: boolean
  baseTimestamp: number
  maxTimestamp: number
  producerId: bigint
  /** Number of records in the batch. */
  count: number
}

/**
 * The header of the batch at `start`, or null if the buffer ends within that batch: a broker truncates the last batch
 * of a response at its byte limit.
 *
 * @throws `corrupt-batch`
 */
export function readBatchHeader(view: DataView, start: number, limit: number): BatchHeader | null {
  if (limit - start < headerLength) return null
  const length = view.getInt32(start + 8)
  const end = start + lengthOverhead + length
  const magic = view.getInt8(start + 16)
  if (magic !== 2) {
    throw new KafkaIoError(
      'corrupt-batch',
      `Expected a record batch of format 2, found ${magic}: formats 0 and 1 are those of brokers before 0.11, ` +
        'which Kafka 4 no longer converts',
    )
  }
  if (length < headerLength - lengthOverhead) {
    throw new KafkaIoError(
      'corrupt-batch',
      `A record batch claims to have ${length} bytes, fewer than its header`,
    )
  }
  if (end > limit) return null
  const attributes = view.getInt16(start + 21)
  const baseOffset = readInt64(view, start)
  return {
    start,
    end,
    baseOffset,
    lastOffset: baseOffset + view.getInt32(start + 23),
    codec: attributes & 7,
    brokerTime: (attributes & 8) !== 0,
    transactional: (attributes & 16) !== 0,
    control: (attributes & 32) !== 0,
    baseTimestamp: readInt64(view, start + 27),
    maxTimestamp: readInt64(view, start + 35),
    producerId: view.getBigInt64(start + 43),
    count: view.getInt32(start + 57),
  }
}

/** A signed 64-bit number as a double, exact up to 2^53 (offsets and times are far below). */
export function readInt64(view: DataView, at: number): number {
  return view.getInt32(at) * 4294967296 + view.getUint32(at + 4)
}

/**
 * Verifies the checksum of a batch, which kafkajs never does.
 *
 * @throws `corrupt-batch`
 */
export function verifyChecksum(
  { start, end, baseOffset }: BatchHeader,
  bytes: Uint8Array,
  view: DataView,
): void {
  const expected = view.getUint32(start + 17)
  const found = crc32c(bytes, start + 21, end)
  if (expected === found) return
  throw new KafkaIoError(
    'corrupt-batch',
    `The record batch at offset ${baseOffset} has checksum ${hex(found)}, but its header says ${hex(expected)}: ` +
      'it was damaged in transit or on the disk of the broker',
  )
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0')
}
