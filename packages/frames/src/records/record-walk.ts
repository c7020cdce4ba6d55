import { FramesError } from '../errors.js'

/**
 * The records of one batch as Kafka's log holds them, decompressed, one after another. Each is its length,
 * attributes i8, time delta, offset delta, key length, key, value length, value, headers; all numbers are zigzag
 * varints, a length of -1 is null (kafka.apache.org/documentation/#record). The values are frames.
 */
export interface FrameRecords {
  /** The records are `bytes[start, end)`. */
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
  /** How many there are. */
  readonly count: number
  /** What their offset deltas are added to. */
  readonly baseOffset: number
  /** No record's offset is greater. */
  readonly lastOffset: number
  /** What their time deltas are added to; ms since the epoch. */
  readonly baseTimestamp: number
  readonly maxTimestamp: number
  /** Whether all of them have the time `maxTimestamp`. */
  readonly brokerTime: boolean
  /** Records before this offset are skipped. */
  readonly fromOffset: number
  /** Records from this offset on are skipped. */
  readonly toOffset: number
}

/** Attributes, time, offset, key length, value length, headers: a byte each. */
const leastLength = 6
const longestVarint = 5

/** Consecutive records, and where the last of them ends. */
export interface RecordRun {
  readonly end: number
  readonly count: number
}

/** Reads records one by one: the definition, and the way where there is no scanner, or a record is larger than its room. */
export class RecordWalk {
  /** Of the record read last. */
  offset = 0
  time = 0
  keyStart = 0
  /** -1: no key. */
  keyLength = 0
  valueStart = 0
  /** -1: no value. */
  valueLength = 0
  #number = 0

  /**
   * Finds how many of the `left` records from `from` on fit into `size` bytes. Where a length is damaged, the run
   * ends with what there is of it.
   */
  wholeRecords(records: FrameRecords, from: number, left: number, size: number, most: number): RecordRun {
    if (left <= most && records.end - from <= size) return { end: records.end, count: left }
    let count = 0
    let end = from
    while (count < Math.min(left, most)) {
      const body = this.#body(records, end)
      const next = body < 0 ? Math.min(records.end, end + longestVarint) : body + this.#number
      if (next - from > size) break
      end = next
      count++
      if (body < 0) break
    }
    return { end, count }
  }

  /**
   * Reads the record at `at`.
   *
   * @returns its end, where the next one begins; -1 where it is damaged
   */
  read(records: FrameRecords, at: number): number {
    const { bytes, baseOffset, lastOffset, baseTimestamp, maxTimestamp, brokerTime } = records
    const body = this.#body(records, at)
    if (body < 0) return -1
    const end = body + this.#number
    const delta = this.#varlong(bytes, body + 1, end)
    if (delta < 0) return -1
    this.time = brokerTime ? maxTimestamp : baseTimestamp + this.#number
    let p = this.#varint(bytes, delta, end)
    this.offset = baseOffset + this.#number
    if (p < 0 || this.#number < 0 || this.offset > lastOffset) return -1
    p = this.#varint(bytes, p, end)
    if (p < 0 || this.#number < -1 || this.#number > end - p) return -1
    this.keyStart = p
    this.keyLength = this.#number
    p = this.#varint(bytes, p + Math.max(0, this.#number), end)
    if (p < 0 || this.#number < -1 || this.#number > end - p) return -1
    this.valueStart = p
    this.valueLength = this.#number
    return end
  }

  /** Returns where the record is behind its length, which is the number then; -1 where that is damaged. */
  #body({ bytes, end }: FrameRecords, at: number): number {
    const body = this.#varint(bytes, at, end)
    return body < 0 || this.#number < leastLength || this.#number > end - body ? -1 : body
  }

  /** Returns the position behind the varint of 32 bits; -1 where it does not end before `end` or with its fifth byte. */
  #varint(bytes: Uint8Array, at: number, end: number): number {
    let value = 0
    for (let shift = 0; shift < 35 && at < end; shift += 7) {
      const byte = bytes[at++]!
      value |= (byte & 127) << shift
      if (byte < 128) {
        this.#number = (value >>> 1) ^ -(value & 1)
        return at
      }
    }
    return -1
  }

  /** The same of 64 bits and ten bytes; exact below 2^53, which no difference of two times in milliseconds passes. */
  #varlong(bytes: Uint8Array, at: number, end: number): number {
    let value = 0
    let scale = 1
    for (let count = 0; count < 10 && at < end; count++, scale *= 128) {
      const byte = bytes[at++]!
      value += (byte & 127) * scale
      if (byte < 128) {
        this.#number = value % 2 === 0 ? value / 2 : -(value + 1) / 2
        return at
      }
    }
    return -1
  }
}

/** @param index of the record that cannot be read */
export function corruptRecords({ baseOffset, count, start, end }: FrameRecords, index: number): FramesError {
  return new FramesError(
    'corrupt-records',
    `The record batch at offset ${baseOffset} cannot be read: expected ${count} records in ${end - start} bytes, ` +
      `found record ${index} damaged; check the producer that wrote it`,
  )
}
