import { FrameReader, FrameStatus, KeyReader } from '@card/frames'
import type { SinkRecord } from '@card/kafka-io'

export interface FrameRecordsOptions {
  /** Whether records are keyed by their frame's key. */
  readonly keyed: boolean
  /** Dotted paths. */
  readonly key: string
  readonly time: string
  readonly timeUnit: 'auto' | 's' | 'ms' | 'us' | 'ns' | 'iso'
  /** Bytes; a longer line is malformed. */
  readonly maxLine: number
}

/** Makes records of lines: the line as it is, keyed by the frame's key. Blank lines become none. */
export class FrameRecords {
  /** Time of the frame of the last record, ms; NaN where the line is malformed. */
  time = Number.NaN
  /** Sums so far. */
  blank = 0
  malformed = 0

  readonly #keyed: boolean
  readonly #reader: FrameReader
  readonly #keys: KeyReader

  constructor({ keyed, key, time, timeUnit, maxLine }: FrameRecordsOptions) {
    this.#keyed = keyed
    this.#reader = new FrameReader({ key, time, timeUnit, groupBy: null, maxLine, rows: 1 })
    this.#keys = new KeyReader(key)
  }

  /**
   * @param line without its ending; the record's value is this view of it
   * @returns null for a blank line
   */
  of(line: Uint8Array): SinkRecord | null {
    this.#reader.clear()
    this.#reader.pushValue(line, 0)
    const { columns } = this.#reader
    if (columns.rows === 0) {
      this.blank++
      return null
    }
    this.time = columns.time[0]!
    if (columns.status[0] !== FrameStatus.counted) {
      this.malformed++
      return { value: line }
    }
    return this.#keyed ? { key: this.#keys.read(line), value: line } : { value: line }
  }
}
