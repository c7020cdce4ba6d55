import { createColumns, type FrameColumns } from '../frame/columns.js'
import type { GroupTable } from '../frame/group-table.js'
import type { FrameOptions } from '../frame/options.js'
import { acceptRow, FrameParser, rejectRow } from '../frame/parse-frame.js'
import { memberOptions, readsMembers, recordFields } from '../frame/record-fields.js'
import { FrameStatus } from '../frame/status.js'
import { LineBuffer, lineBufferSize } from '../lines/line-buffer.js'
import { RecordFieldReader } from '../records/record-field-reader.js'
import { Batch } from './batch.js'
import { Scanner } from './scanner.js'
import type { ScannerSpace } from './scanner-space.js'

const exampleLength = 200

/** What a reader has taken so far. */
export interface FrameSums {
  /** Blank and rejected ones included; values count as lines. */
  lines: number
  blank: number
  /** Lines that JSON.parse judged. */
  parsed: number
  /** Of values and records; a source counts its own. */
  valueBytes: number
}

/** The rows of a reader's batch, and the bytes they point into, for all that makes rows: lines, values and records. */
export class RowWriter {
  readonly columns: FrameColumns
  /** Of rows that were records: the record's time. */
  readonly recordTime: Float64Array
  readonly buffer: LineBuffer
  readonly maxLine: number
  readonly capacity: number
  readonly sums: FrameSums = { lines: 0, blank: 0, parsed: 0, valueBytes: 0 }
  /** Null: JSON.parse judges every line. */
  readonly scanner: Scanner | null
  /** The first line that the scanner left to JSON.parse, shortened. */
  fallbackExample: Uint8Array | null = null
  /** Whether values are frames; otherwise each that is there is a row, whatever it holds. */
  readonly parsesValues: boolean
  /** Null: nothing is the record's own. */
  readonly #fields: RecordFieldReader | null
  readonly #batch: Batch | null
  readonly #parser: FrameParser

  /** @param space null: without the scanner */
  constructor(options: FrameOptions, capacity: number, space: ScannerSpace | null, groups: GroupTable) {
    this.maxLine = options.maxLine
    this.capacity = capacity
    this.scanner = space === null ? null : new Scanner(space, 0, groups)
    this.#batch = space === null ? null : new Batch(space, 0)
    this.columns = this.#batch?.columns ?? createColumns(capacity)
    this.recordTime = this.#batch?.recordTime ?? new Float64Array(capacity)
    this.buffer = new LineBuffer(this.scanner?.bytes ?? new Uint8Array(lineBufferSize(options.maxLine)))
    const fields = recordFields(options)
    const members = memberOptions(options, fields)
    this.parsesValues = readsMembers(members)
    this.#fields = fields === null ? null : new RecordFieldReader(fields, options, this.columns, groups)
    this.#parser = new FrameParser(members, this.columns, groups)
  }

  get isFull(): boolean {
    return this.columns.rows === this.capacity
  }

  /** A row of one line by itself: the last of a source, or a value. */
  add(start: number, end: number, offset: number, tooLong: boolean): void {
    const { columns } = this
    const row = columns.rows++
    if (tooLong) rejectRow(columns, row, FrameStatus.tooLong)
    else if (this.parsesValues) this.#judge(start, end, row)
    else acceptRow(columns, row)
    columns.offset[row] = offset
    columns.start[row] = start
    columns.length[row] = end - start
  }

  #judge(start: number, end: number, row: number): void {
    const { bytes } = this.buffer
    // With an LF after it and none inside, the scanner reads it like any line.
    if (this.scanner !== null && bytes.subarray(start, end).indexOf(0x0a) < 0) {
      bytes[end] = 0x0a
      this.columns.rows = row
      this.scanner.scan(this.#batch!, start, end + 1, 0, this.#parser)
      this.#countParsed(this.scanner)
      return
    }
    this.sums.parsed++
    if (this.scanner !== null) this.keepExample(bytes.subarray(start, end))
    this.#parser.parse(bytes, start, end, row)
  }

  /** Whether rows have parts that are the record's own. */
  get readsFields(): boolean {
    return this.#fields !== null
  }

  /** Fills in what of the row is its record's own. @param key null: it has none; @param timestamp -1: it has none */
  completeRow(row: number, key: Uint8Array | null, timestamp: number): void {
    const { bytes } = this.buffer
    this.#fields?.complete(row, bytes, key ?? bytes, 0, key === null ? -1 : key.length, timestamp)
  }

  /** Rows of the whole lines of `bytes[from, to)`. Returns the end of the last one taken. */
  addLines(scanner: Scanner, from: number, to: number, origin: number): number {
    const before = this.columns.rows
    const end = scanner.scan(this.#batch!, from, to, origin, this.#parser)
    this.#count(scanner, before)
    return end
  }

  /** Rows of up to `count` records of `bytes[from, to)`. Returns why it ended. */
  addRecords(scanner: Scanner, from: number, to: number, count: number) {
    const before = this.columns.rows
    const walk = scanner.walkRecords(this.#batch!, from, to, count, this.#parser)
    this.#count(scanner, before)
    this.sums.valueBytes += scanner.valueBytes
    this.#fields?.completeRows(before, this.#batch!, scanner.bytes)
    return walk
  }

  #count(scanner: Scanner, before: number): void {
    const { sums } = this
    sums.lines += this.columns.rows - before + scanner.blank
    sums.blank += scanner.blank
    this.#countParsed(scanner)
  }

  #countParsed(scanner: Scanner): void {
    if (scanner.parsed === 0) return
    this.sums.parsed += scanner.parsed
    this.keepExample(scanner.fallbackLine(this.#batch!))
  }

  /** Keeps a line that the scanner left, unless one is kept; a copy of its beginning. */
  keepExample(line: Uint8Array | null): void {
    if (line !== null) this.fallbackExample ??= line.slice(0, exampleLength)
  }
}
