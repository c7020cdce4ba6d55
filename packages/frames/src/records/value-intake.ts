import { FramesError } from '../errors.js'
import type { RowWriter } from '../scanner/row-writer.js'

/** Frames that are not lines but separate values. Their bytes are kept after those of the source until the batch is handed over. */
export class ValueIntake {
  /** Bytes of the batch's values, records whole. */
  batchBytes = 0
  readonly #rows: RowWriter

  constructor(rows: RowWriter) {
    this.#rows = rows
  }

  /** See {@link FrameReader.pushValue}. @param key of its record; null: it has none. @param timestamp -1: it has none */
  push(value: Uint8Array | null, offset: number, key: Uint8Array | null, timestamp: number): boolean {
    const rows = this.#rows
    const length = value?.length ?? 0
    const kept = Math.min(length, rows.maxLine)
    const start = this.end()
    const { bytes } = rows.buffer
    if (rows.isFull || start + kept >= bytes.length) return false
    rows.sums.lines++
    rows.sums.valueBytes += length
    if (value === null || (rows.parsesValues && isBlank(value))) {
      rows.sums.blank++
      return true
    }
    bytes.set(value.subarray(0, kept), start)
    this.batchBytes += kept
    rows.add(start, start + kept, offset, length > kept)
    rows.completeRow(rows.columns.rows - 1, key, timestamp)
    return true
  }

  /** Where the next value's bytes go. */
  end(): number {
    const { buffer } = this.#rows
    if (this.batchBytes === 0) buffer.free(buffer.bytes.length)
    return buffer.tail + this.batchBytes
  }

  /** @throws {FramesError} `not-drained` while bytes of a source are waiting */
  checkDrained(caller: string): void {
    const { head, tail } = this.#rows.buffer
    if (head === tail) return
    throw new FramesError(
      'not-drained',
      `${caller}: expected no source to be half read, found ${tail - head} bytes of one; end it and take its rows first, or use a separate reader for values`,
    )
  }
}

function isBlank(value: Uint8Array): boolean {
  return value.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0a)
}
