import type { FrameColumns } from '../frame/columns.js'
import type { GroupTable } from '../frame/group-table.js'
import { murmur3 } from '../frame/murmur3.js'
import { longestGroup, rejectRow } from '../frame/parse-frame.js'
import type { MemberOptions, RecordField, RecordFields } from '../frame/record-fields.js'
import { FrameStatus } from '../frame/status.js'
import { readTextTime } from '../frame/text-time.js'
import { timeInRange } from '../frame/time-range.js'
import { isUtf8 } from '../frame/utf8.js'

/** Rows that were records, in a batch. */
export interface RecordRows {
  readonly columns: FrameColumns
  readonly recordKeys: Int32Array | null
  readonly recordTime: Float64Array
}

/** The timestamp of a record that has none. */
const noTimestamp = -1

/** Completes rows whose members have been read by the fields of their records. */
export class RecordFieldReader {
  readonly #fields: RecordFields
  readonly #timeUnit: MemberOptions['timeUnit']
  readonly #columns: FrameColumns
  readonly #groups: Pick<GroupTable, 'intern'>
  /** The field that #locate found. */
  #bytes: Uint8Array
  #start = 0
  #end = 0
  /** A timestamp in digits. */
  readonly #digits = new Uint8Array(24)

  constructor(
    fields: RecordFields,
    { timeUnit }: Pick<MemberOptions, 'timeUnit'>,
    columns: FrameColumns,
    groups: Pick<GroupTable, 'intern'>,
  ) {
    this.#fields = fields
    this.#timeUnit = timeUnit
    this.#columns = columns
    this.#groups = groups
    this.#bytes = this.#digits
  }

  /** Completes the batch's rows from `from` on. @param bytes what its spans point into */
  completeRows(from: number, { columns, recordKeys, recordTime }: RecordRows, bytes: Uint8Array): void {
    const keys = recordKeys!
    for (let row = from; row < columns.rows; row++) {
      this.complete(row, bytes, bytes, keys[2 * row]!, keys[2 * row + 1]!, recordTime[row]!)
    }
  }

  /**
   * Fills in what is the record's own. Of the reasons to reject the row, found in its value or in its record, the first
   * applies: they are numbered in their order.
   *
   * @param values what the columns `start` and `length` point into
   * @param keys where the record's key is `[keyStart, keyStart + keyLength)`; a length of -1 is null
   * @param timestamp ms since the epoch, -1 where the record has none
   */
  complete(
    row: number,
    values: Uint8Array,
    keys: Uint8Array,
    keyStart: number,
    keyLength: number,
    timestamp: number,
  ): void {
    const { status } = this.#columns
    const byMembers = status[row]!
    if (byMembers !== FrameStatus.counted && byMembers < FrameStatus.missingTime) return
    const { time, key, groupBy } = this.#fields
    let own: number = FrameStatus.counted
    if (time === 'timestamp') own = this.#takeTimestamp(row, timestamp)
    else if (time !== null) {
      const found = this.#locate(time, row, values, keys, keyStart, keyLength, timestamp)
      own = found ? this.#readTime(row) : FrameStatus.missingTime
    }
    if (own === FrameStatus.counted && key !== null) {
      const found = this.#locate(key, row, values, keys, keyStart, keyLength, timestamp)
      if (found) murmur3(this.#bytes, this.#start, this.#end - this.#start, this.#columns.hash, 4 * row)
      else own = FrameStatus.missingKey
    }
    const isCounted = own === FrameStatus.counted && byMembers === FrameStatus.counted
    if (isCounted && groupBy !== null) {
      const found = this.#locate(groupBy, row, values, keys, keyStart, keyLength, timestamp)
      own = found ? this.#readGroup(row) : FrameStatus.counted
    }
    if (own === FrameStatus.counted && byMembers === FrameStatus.counted) return
    const first = own === FrameStatus.counted || (byMembers !== 0 && byMembers < own) ? byMembers : own
    rejectRow(this.#columns, row, first)
  }

  #takeTimestamp(row: number, timestamp: number): number {
    if (timestamp === noTimestamp) return FrameStatus.missingTime
    const ms = timeInRange(timestamp)
    this.#columns.time[row] = ms
    return Number.isNaN(ms) ? FrameStatus.badTime : FrameStatus.counted
  }

  #readTime(row: number): number {
    const ms = readTextTime(this.#bytes, this.#start, this.#end, this.#timeUnit)
    this.#columns.time[row] = ms
    return Number.isNaN(ms) ? FrameStatus.badTime : FrameStatus.counted
  }

  #readGroup(row: number): number {
    const [bytes, start, end] = [this.#bytes, this.#start, this.#end]
    if (end - start > longestGroup || !isUtf8(bytes, start, end)) return FrameStatus.badGroup
    this.#columns.group[row] = this.#groups.intern(bytes, start, end)
    return FrameStatus.counted
  }

  /** Finds a field's bytes; false where the record has none. */
  #locate(
    field: RecordField,
    row: number,
    values: Uint8Array,
    keys: Uint8Array,
    keyStart: number,
    keyLength: number,
    timestamp: number,
  ): boolean {
    if (field === 'value') {
      this.#bytes = values
      this.#start = this.#columns.start[row]!
      this.#end = this.#start + this.#columns.length[row]!
      return true
    }
    if (field === 'key') {
      this.#bytes = keys
      this.#start = keyStart
      this.#end = keyStart + keyLength
      return keyLength >= 0
    }
    const text = String(timestamp)
    for (let i = 0; i < text.length; i++) this.#digits[i] = text.charCodeAt(i)
    this.#bytes = this.#digits
    this.#start = 0
    this.#end = text.length
    return timestamp !== noTimestamp
  }
}
