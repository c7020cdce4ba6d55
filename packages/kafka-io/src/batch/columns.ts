import { badArguments } from '../arguments/check-options.js'
import { shown } from '../arguments/shown.js'
import type { KafkaIoError } from '../errors.js'

/**
 * Records as columns of spans: where in `payload` each row's key and value lie. The arrays are longer than
 * `rows` and, like the payload, are reused for the next records.
 */
export interface RecordColumns {
  /** How many are filled. */
  rows: number
  /** What starts and lengths point into. */
  payload: Uint8Array
  /** Offset in the partition. */
  offset: Float64Array
  /** Milliseconds since the epoch: the producer's time, or the broker's if the topic is configured so. */
  timestamp: Float64Array
  /** Where the key begins in `payload`. */
  keyStart: Uint32Array
  /** Bytes; -1: no key. */
  keyLength: Int32Array
  /** Where the value begins in `payload`. */
  valueStart: Uint32Array
  /** Bytes; -1: no value. */
  valueLength: Int32Array
}

export function newColumns(capacity: number): RecordColumns {
  return {
    rows: 0,
    payload: new Uint8Array(0),
    offset: new Float64Array(capacity),
    timestamp: new Float64Array(capacity),
    keyStart: new Uint32Array(capacity),
    keyLength: new Int32Array(capacity),
    valueStart: new Uint32Array(capacity),
    valueLength: new Int32Array(capacity),
  }
}

/** Lengthens the arrays to at least `capacity` rows, keeping the rows there are. */
export function growColumns(columns: RecordColumns, capacity: number): void {
  if (columns.offset.length >= capacity) return
  const grown = newColumns(Math.max(capacity, 2 * columns.offset.length))
  for (const name of ['offset', 'timestamp', 'keyStart', 'keyLength', 'valueStart', 'valueLength'] as const) {
    grown[name].set(columns[name].subarray(0, columns.rows))
  }
  Object.assign(columns, { ...grown, rows: columns.rows, payload: columns.payload })
}

const noBytes = new Uint8Array(0)

/** A row's key, null where it has none; a view, valid as long as the columns. @throws `bad-settings` */
export function recordKey(columns: RecordColumns, row: number): Uint8Array | null {
  if (!isRow(columns, row)) throw noRow('recordKey', columns, row)
  return span(columns.payload, columns.keyStart[row]!, columns.keyLength[row]!)
}

/** A row's value, null where it has none; a view, valid as long as the columns. @throws `bad-settings` */
export function recordValue(columns: RecordColumns, row: number): Uint8Array | null {
  if (!isRow(columns, row)) throw noRow('recordValue', columns, row)
  return span(columns.payload, columns.valueStart[row]!, columns.valueLength[row]!)
}

function span(payload: Uint8Array, start: number, length: number): Uint8Array | null {
  return length < 0 ? null : length === 0 ? noBytes : payload.subarray(start, start + length)
}

// Called for each record, so the check is a few comparisons.
function isRow(columns: RecordColumns, row: number): boolean {
  return (
    typeof row === 'number' &&
    row >>> 0 === row &&
    row < columns?.rows &&
    columns.payload instanceof Uint8Array
  )
}

function noRow(what: string, columns: RecordColumns, row: number): KafkaIoError {
  const { rows, payload } = columns ?? {}
  if (!Number.isSafeInteger(rows) || !(payload instanceof Uint8Array)) {
    return badArguments(what, [`columns: expected those of a records event, found ${shown(columns)}`])
  }
  return badArguments(what, [`row: expected a whole number below the ${rows} rows, found ${shown(row)}`])
}
