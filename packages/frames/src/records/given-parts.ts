import { checkBytes, checkNumber, checkObject } from '../arguments.js'

/** What a record has besides its value. */
export interface RecordParts {
  /** Null: none. */
  readonly key: Uint8Array | null
  /** ms since the epoch; -1: none. */
  readonly timestamp: number
}

/** Neither is there. */
export const noRecord: RecordParts = { key: null, timestamp: -1 }

/** @throws {FramesError} `bad-argument` */
export function checkParts(record: RecordParts): void {
  checkObject('pushValue', 'record as an object { key, timestamp }', record)
  if (record.key !== null) checkBytes('pushValue (the key of the record)', record.key)
  checkNumber('pushValue', 'the timestamp of the record', record.timestamp)
}
