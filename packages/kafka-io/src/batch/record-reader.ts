import { checkArgument } from '../arguments/check-options.js'
import { isObject, type Rule } from '../arguments/rules.js'
import { Decompressor } from '../codecs/decompress.js'
import { KafkaIoError } from '../errors.js'
import type { BatchGatherer, RecordsPosition } from './batch-gatherer.js'
import { type BatchHeader, headerLength } from './batch-header.js'
import { growColumns, newColumns, type RecordColumns } from './columns.js'
import type { RecordSection } from './record-section.js'

/** Records of one partition, in order. */
export interface RecordsEvent extends RecordsPosition {
  kind: 'records'
  /** Valid until you ask for the next event: the arrays and the payload are reused. */
  columns: RecordColumns
  /** Offset of the first row. */
  firstOffset: number
}

/** What a header says of its records. */
type RecordsHeader = Pick<
  BatchHeader,
  'baseOffset' | 'baseTimestamp' | 'maxTimestamp' | 'brokerTime' | 'count' | 'lastOffset'
>

const aSection: Rule = {
  expected: 'a section of a sections event',
  accepts: (value) =>
    isObject(value) && value.bytes instanceof Uint8Array && Number.isSafeInteger(value.count),
}

/** A record has at least these bytes: length, attributes, time, offset, key length, value length, headers. */
const leastRecord = 7

/**
 * Turns record batches into columns of spans, without copying a record: rows of an uncompressed batch point
 * into the answer of the broker, those of a compressed one into the buffer it was decompressed to.
 */
export class RecordReader implements BatchGatherer<RecordsEvent> {
  /** Rows since the last `clear()`. */
  readonly columns: RecordColumns = newColumns(1024)
  readonly #decompressor: Decompressor

  /** @param limit bytes that a batch may have after decompression */
  constructor(limit: number) {
    this.#decompressor = new Decompressor(limit)
  }

  get rows(): number {
    return this.columns.rows
  }

  clear(): void {
    this.columns.rows = 0
  }

  // They have to share one buffer.
  joins(header: BatchHeader, bytes: Uint8Array): boolean {
    return this.columns.rows === 0 || (header.codec === 0 && this.columns.payload === bytes)
  }

  append(header: BatchHeader, bytes: Uint8Array, fromOffset: number): void {
    const { columns } = this
    const from = header.start + headerLength
    if (header.codec === 0) {
      columns.payload = bytes
      this.#walk(header, bytes, from, header.end, fromOffset)
    } else if (header.count > 0) {
      const decompressor = this.#decompressor
      decompressor.clear()
      const start = decompressor.decompress(header.codec, bytes.subarray(from, header.end))
      columns.payload = decompressor.bytes
      this.#walk(header, decompressor.bytes, start, decompressor.end, fromOffset)
    }
  }

  /** The records of a section, alone. @throws `corrupt-batch` */
  readSection(section: RecordSection): RecordColumns {
    const { columns } = this
    const { bytes, start, end, fromOffset, toOffset } = section
    columns.rows = 0
    columns.payload = bytes
    this.#walk(section, bytes, start, end, fromOffset)
    this.cut(toOffset)
    return columns
  }

  cut(toOffset: number): void {
    const { columns } = this
    while (columns.rows > 0 && columns.offset[columns.rows - 1]! >= toOffset) columns.rows--
  }

  event(at: RecordsPosition): RecordsEvent {
    return { kind: 'records', ...at, columns: this.columns, firstOffset: this.columns.offset[0]! }
  }

  // Record: length, attributes i8, time delta, offset delta, key length, key, value length, value, headers;
  // all numbers zigzag varints, -1 for null. The length leads to the next record, past the headers.
  #walk(header: RecordsHeader, bytes: Uint8Array, from: number, to: number, fromOffset: number): void {
    const { columns } = this
    const { baseOffset, baseTimestamp, maxTimestamp, brokerTime, count } = header
    // The count is untrusted: never make room for more rows than the bytes can hold.
    if (count < 0 || count * leastRecord > to - from)
      throw corrupt(header, `${count} records in ${to - from} bytes`)
    growColumns(columns, columns.rows + count)
    const { offset, timestamp, keyStart, keyLength, valueStart, valueLength } = columns
    let row = columns.rows
    let at = from
    // A field at a time: the reader of varints is written out for lengths below 8,192, which covers nearly all.
    for (let i = 0; i < count; i++) {
      let byte = bytes[at++]!
      let length: number
      if (byte < 128) length = (byte >>> 1) ^ -(byte & 1)
      else {
        const next = bytes[at++]!
        if (next < 128) {
          const zigzag = (byte & 127) | (next << 7)
          length = (zigzag >>> 1) ^ -(zigzag & 1)
        } else {
          length = varint(bytes, at - 2)
          at = afterVarint(bytes, at)
        }
      }
      const end = at + length
      if (!(length >= leastRecord - 1 && end <= to))
        throw corrupt(header, `record ${i} is ${length} bytes long`)
      at++
      byte = bytes[at]!
      let time: number
      if (byte < 128) {
        time = (byte >>> 1) ^ -(byte & 1)
        at++
      } else {
        time = varlong(bytes, at)
        at = afterVarint(bytes, at)
      }
      byte = bytes[at]!
      let delta: number
      if (byte < 128) {
        delta = (byte >>> 1) ^ -(byte & 1)
        at++
      } else {
        delta = varint(bytes, at)
        at = afterVarint(bytes, at)
      }
      byte = bytes[at]!
      let keyBytes: number
      if (byte < 128) {
        keyBytes = (byte >>> 1) ^ -(byte & 1)
        at++
      } else {
        keyBytes = varint(bytes, at)
        at = afterVarint(bytes, at)
      }
      const keyAt = at
      if (keyBytes > 0) at += keyBytes
      byte = bytes[at]!
      let valueBytes: number
      if (byte < 128) {
        valueBytes = (byte >>> 1) ^ -(byte & 1)
        at++
      } else {
        valueBytes = varint(bytes, at)
        at = afterVarint(bytes, at)
      }
      // Written so that NaN, which stands for an endless varint, is refused too.
      const inside = keyBytes >= -1 && valueBytes >= -1 && at + Math.max(valueBytes, 0) <= end
      const recordOffset = baseOffset + delta
      if (!(inside && delta >= 0 && recordOffset <= header.lastOffset && !Number.isNaN(time))) {
        throw corrupt(
          header,
          `record ${i} at delta ${delta} holds a key of ${keyBytes} and a value of ${valueBytes} bytes`,
        )
      }
      if (recordOffset >= fromOffset) {
        offset[row] = recordOffset
        timestamp[row] = brokerTime ? maxTimestamp : baseTimestamp + time
        keyStart[row] = keyAt
        keyLength[row] = keyBytes
        valueStart[row] = at
        valueLength[row] = valueBytes
        row++
      }
      at = end
    }
    columns.rows = row
  }
}

function varint(bytes: Uint8Array, from: number): number {
  let value = 0
  for (let at = from, shift = 0; shift < 35; shift += 7) {
    const byte = bytes[at++]!
    value |= (byte & 127) << shift
    if (byte < 128) return (value >>> 1) ^ -(value & 1)
  }
  return Number.NaN
}

function varlong(bytes: Uint8Array, from: number): number {
  let value = 0
  let scale = 1
  for (let at = from; at < from + 10; scale *= 128) {
    const byte = bytes[at++]!
    value += (byte & 127) * scale
    // Exact below 2^53, which no difference of two times in milliseconds passes.
    if (byte < 128) return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }
  return Number.NaN
}

function afterVarint(bytes: Uint8Array, from: number): number {
  let at = from
  while (bytes[at]! >= 128) at++
  return at + 1
}

function corrupt(header: RecordsHeader, found: string): KafkaIoError {
  return new KafkaIoError(
    'corrupt-batch',
    `The record batch at offset ${header.baseOffset} cannot be read: ${found}`,
  )
}

/**
 * The records of a section as columns.
 *
 * @returns new columns that point into the section's bytes and are valid as long as these
 * @throws KafkaIoError bad-settings, corrupt-batch
 */
export function sectionRecords(section: RecordSection): RecordColumns {
  checkArgument('sectionRecords', 'section', section, aSection)
  return new RecordReader(0).readSection(section)
}
