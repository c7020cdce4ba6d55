import { decodeString } from '../frame/decode-string.js'
import type { GroupTable } from '../frame/group-table.js'
import { timeUnits } from '../frame/options.js'
import { type FrameParser, longestGroup } from '../frame/parse-frame.js'
import { readsMembers } from '../frame/record-fields.js'
import { FrameStatus } from '../frame/status.js'
import type { FrameRecords } from '../records/record-walk.js'
import { instantiateWasm } from '../web.js'
import type { Batch } from './batch.js'
import { writeNameSets } from './name-sets.js'
import type { ScannerSpace } from './scanner-space.js'

/** What assembly/scan.ts exports; numbers without a unit are addresses. */
interface ScannerExports {
  readonly rows: { value: number }
  readonly blank: { value: number }
  readonly fallbacks: { value: number }
  readonly unknownGroups: { value: number }
  setColumns(...addresses: number[]): void
  setLines(bytes: number, maxLine: number): void
  setReading(timeUnit: number, trusted: number, plainFirst: number): void
  setNames(root: number, flat: number, found: number, wantedPaths: number): void
  setMembers(found: number, lengths: number, lengthCount: number): void
  setNameScratch(address: number): void
  setDecodedText(address: number): void
  setGroupTable(address: number, entries: number, scratch: number): void
  forgetGroups(): void
  rememberGroup(start: number, end: number, id: number): void
  scan(from: number, to: number, origin: number): number
  readonly nextRecord: { value: number }
  readonly taken: { value: number }
  readonly valueBytes: { value: number }
  setRecordTimes(address: number): void
  setRecordKeys(address: number): void
  setValueReading(parsed: number): void
  setBatch(base: number, last: number, time: number, isSameTime: number, from: number, to: number): void
  walkRecords(from: number, to: number, count: number): number
}

/** What the numbers in its records are relative to, and which of them are wanted. */
type RecordBatch = Omit<FrameRecords, 'bytes' | 'start' | 'end' | 'count'>

/** As in assembly/records.ts. */
const walkEnds = ['done', 'full', 'cut', 'damaged'] as const
type WalkEnd = (typeof walkEnds)[number]

/**
 * The scanner in WebAssembly SIMD (assembly/): takes whole lines to the columns itself wherever it is sure to agree
 * with FrameParser, and hands it every other line. Columns and lines lie in its memory, so nothing is copied.
 */
export class Scanner {
  /** The room for lines. */
  readonly bytes: Uint8Array
  /** Of the last scan: blank lines, lines that FrameParser judged. */
  blank = 0
  parsed = 0
  /** Groups of the batch that the cache did not know: of its last scan, or of all where another thread has the table of groups. */
  unknownGroups = 0
  /** Of the last walk: records taken, the bytes of their values, and the end (exclusive) of the last one. */
  taken = 0
  valueBytes = 0
  recordsEnd = 0
  readonly #exports: ScannerExports
  readonly #base: number
  /** Null: another thread has the table, and keeps the cache. */
  readonly #groups: GroupTable | null
  #groupGeneration = 0
  #batch: Batch | null = null
  /** No spelling that the scanner leaves is longer. */
  readonly #decodedGroup = new Uint8Array(longestGroup)

  /** @param index which of the space's scanners this is */
  constructor(space: ScannerSpace, index: number, groups: GroupTable | null) {
    const { layout, memory, options, tree } = space
    const exports = instantiateWasm<ScannerExports>(space.module, memory)
    const places = layout.scanners[index]!
    this.#exports = exports
    this.#base = layout.bytes
    this.#groups = groups
    this.bytes = new Uint8Array(memory.buffer, layout.bytes, layout.room)

    const wantedPaths =
      (options.time === null ? 0 : 1) + (options.key === null ? 0 : 2) + (options.groupBy === null ? 0 : 4)
    exports.setLines(layout.bytes, options.maxLine)
    const plainFirst = tree.isPlain ? 1 : 0
    exports.setReading(timeUnits.indexOf(options.timeUnit), space.isTrusted ? 1 : 0, plainFirst)
    const { root, flat } = writeNameSets(memory.buffer, tree, places.sets, places.names)
    new Uint8Array(memory.buffer).set(tree.lengths, places.lengths)
    exports.setNames(root, flat, places.found, wantedPaths)
    exports.setMembers(places.found, places.lengths, tree.lengths.length)
    exports.setValueReading(readsMembers(options) ? 1 : 0)
    exports.setNameScratch(places.nameScratch)
    exports.setDecodedText(places.decodedText)
    exports.setGroupTable(layout.groupTable, layout.groupEntries, places.groupHash)
  }

  /**
   * Takes the lines of `bytes[from, to)`, which ends behind an LF, into the next rows of the batch, until all are
   * taken or its columns are full.
   *
   * @param origin source position of `bytes[0]`
   * @param parser judges the lines that the scanner is not sure of
   * @returns the end (exclusive) of the last line taken
   */
  scan(batch: Batch, from: number, to: number, origin: number, parser: FrameParser): number {
    this.#begin(batch)
    const end = this.#exports.scan(this.#base + from, this.#base + to, origin) - this.#base
    this.#finish(batch, parser)
    return end
  }

  /** The batch whose records the next walks take. */
  setBatch(records: RecordBatch): void {
    const { baseOffset, lastOffset, baseTimestamp, maxTimestamp, brokerTime, fromOffset, toOffset } = records
    const time = brokerTime ? maxTimestamp : baseTimestamp
    this.#exports.setBatch(baseOffset, lastOffset, time, brokerTime ? 1 : 0, fromOffset, toOffset)
  }

  /**
   * Takes up to `count` records of `bytes[from, to)` into the next rows; those without a value, or with a blank one,
   * become none.
   *
   * @returns why it ended
   */
  walkRecords(batch: Batch, from: number, to: number, count: number, parser: FrameParser): WalkEnd {
    const exports = this.#exports
    this.#begin(batch)
    const end = exports.walkRecords(this.#base + from, this.#base + to, count)
    this.taken = exports.taken.value
    this.valueBytes = exports.valueBytes.value
    this.recordsEnd = exports.nextRecord.value - this.#base
    this.#finish(batch, parser)
    return walkEnds[end]!
  }

  /** The first line of a batch that a scan, by this or another scanner, left to JSON.parse. */
  fallbackLine({ columns, fallbackRows }: Batch): Uint8Array {
    const row = fallbackRows[0]!
    const start = columns.start[row]!
    return this.bytes.subarray(start, start + columns.length[row]!)
  }

  /** Empties the cache of groups if ids may mean others now. Not while another thread scans. */
  forgetFreedGroups(): void {
    if (this.#groups === null || this.#groupGeneration === this.#groups.generation) return
    this.#groupGeneration = this.#groups.generation
    this.#exports.forgetGroups()
  }

  /** Looks up the groups of a batch that a scan, by this or another scanner, did not know. */
  lookUpGroups({ columns, unknownGroups }: Batch, count: number): void {
    for (let i = 0; i < count; i++) {
      const row = unknownGroups[3 * i]!
      const start = unknownGroups[3 * i + 1]!
      const end = unknownGroups[3 * i + 2]!
      if (columns.status[row] !== FrameStatus.counted) continue
      const id = this.#intern(start - this.#base, end - this.#base)
      columns.group[row] = id
      this.#exports.rememberGroup(start, end, id)
    }
  }

  /** The id of a group as it is spelled, in `bytes[start, end)`. */
  #intern(start: number, end: number): number {
    const spelled = this.bytes.subarray(start, end)
    if (!spelled.includes(0x5c)) return this.#groups!.intern(this.bytes, start, end)
    const length = decodeString(this.bytes, start, end, this.#decodedGroup)
    return this.#groups!.intern(this.#decodedGroup, 0, length)
  }

  #begin(batch: Batch): void {
    this.forgetFreedGroups()
    if (this.#batch !== batch) {
      this.#batch = batch
      const { time, hash, group, status, offset, start, length } = batch.columns
      const columns = [
        time,
        hash,
        group,
        status,
        offset,
        start,
        length,
        batch.fallbackRows,
        batch.unknownGroups,
      ]
      this.#exports.setColumns(...columns.map(({ byteOffset }) => byteOffset), time.length)
      this.#exports.setRecordTimes(batch.recordTime.byteOffset)
      this.#exports.setRecordKeys(batch.recordKeys?.byteOffset ?? 0)
    }
    const { rows } = batch.columns
    this.#exports.rows.value = rows
    if (rows === 0 || this.#groups !== null) this.#exports.unknownGroups.value = 0
  }

  /** What the scanner leaves: groups that its cache does not know, lines of which it is not sure. */
  #finish(batch: Batch, parser: FrameParser): void {
    const { columns, fallbackRows } = batch
    const exports = this.#exports
    columns.rows = exports.rows.value
    this.blank = exports.blank.value
    this.unknownGroups = exports.unknownGroups.value
    if (this.unknownGroups > 0 && this.#groups !== null) this.lookUpGroups(batch, this.unknownGroups)
    this.parsed = exports.fallbacks.value
    for (let i = 0; i < this.parsed; i++) {
      const row = fallbackRows[i]!
      const start = columns.start[row]!
      parser.parse(this.bytes, start, start + columns.length[row]!, row)
    }
  }
}
