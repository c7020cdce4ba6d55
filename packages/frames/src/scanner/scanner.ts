import { createColumns, type FrameColumns } from '../frame/columns.js'
import { type MemberName, memberName } from '../frame/find-members.js'
import type { GroupTable } from '../frame/group-table.js'
import type { FrameOptions } from '../frame/options.js'
import type { FrameParser } from '../frame/parse-frame.js'
import { FrameStatus } from '../frame/status.js'
import type { FrameRecords } from '../records/record-walk.js'
import { compileWasm, createMemory, instantiateWasm, type WasmMemory, type WasmModule } from '../web.js'
import {
  blockSums,
  partFields,
  recordParts,
  type ScannerLayout,
  scannerLayout,
  writeNames,
} from './scanner-layout.js'
import { memoryFlagAt, scannerWasm } from './scanner-wasm.generated.js'

/** What assembly/scan.ts exports; numbers without a unit are addresses. */
interface ScannerExports {
  readonly rows: { value: number }
  readonly blank: { value: number }
  readonly fallbacks: { value: number }
  readonly unknownGroups: { value: number }
  setColumns(...addresses: number[]): void
  setLines(bytes: number, maxLine: number): void
  setReading(timeUnit: number, trusted: number): void
  setNames(rootSet: number, furtherSets: number, found: number, ...stepCounts: number[]): void
  setGroupTable(address: number, entries: number, scratch: number): void
  forgetGroups(): void
  rememberGroup(start: number, end: number, id: number): void
  scan(from: number, to: number, origin: number): number
  readonly nextRecord: { value: number }
  readonly taken: { value: number }
  readonly valueBytes: { value: number }
  setRecordTimes(address: number): void
  setBatch(base: number, last: number, time: number, isSameTime: number, from: number, to: number): void
  walkRecords(from: number, to: number, count: number): number
}

/** What the numbers in its records are relative to, and which of them are wanted. */
type RecordBatch = Omit<FrameRecords, 'bytes' | 'start' | 'end' | 'count'>

/** As in assembly/records.ts. */
const walkEnds = ['done', 'full', 'cut', 'damaged'] as const
type WalkEnd = (typeof walkEnds)[number]

const timeUnits = ['auto', 's', 'ms', 'us', 'iso']
/** The longest name that the trusted scan finds: a closing quote at most 63 bytes behind its opening one. */
const longestTrustedName = 62

/** By whether the memory is shared. */
const compiled = new Map<boolean, WasmModule | null>()

/** The memory of one scanner or several, and all that is needed to make one of them, also on another thread. */
export interface ScannerSpace {
  readonly options: FrameOptions
  readonly layout: ScannerLayout
  readonly module: WasmModule
  readonly memory: WasmMemory
}

/** How many scanners, each on a thread of its own, and how many batches share a space. */
export interface Sharing {
  readonly scanners: number
  readonly batches: number
}

/**
 * Null where the engine has no SIMD or no memory for it (or none to share), or a name can be written in a way that
 * the scanner does not look for.
 *
 * @param room bytes of lines
 */
export function createSpace(
  options: FrameOptions,
  rows: number,
  room: number,
  sharing: Sharing | null,
): ScannerSpace | null {
  const paths = pathsOf(options)
  if (paths.some((path) => path?.some((name) => !isScannable(name)))) return null
  const shared = sharing !== null
  if (!compiled.has(shared)) compiled.set(shared, compile(shared))
  const module = compiled.get(shared)!
  const { scanners, batches } = sharing ?? { scanners: 1, batches: 1 }
  const layout = scannerLayout(paths, options, rows, room, scanners, batches)
  const memory = module === null ? null : createMemory(layout.size, shared)
  return module === null || memory === null ? null : { options, layout, module, memory }
}

function compile(shared: boolean): WasmModule | null {
  return compileWasm(scannerWasm, (bytes) => {
    if (shared) bytes[memoryFlagAt] = 3
  })
}

/** The rows of a batch in a space, and what a scanner leaves to others. */
export class Batch {
  readonly columns: FrameColumns
  readonly fallbackRows: Uint32Array
  /** Row, start and end of each group that the cache did not know, as addresses. */
  readonly unknownGroups: Uint32Array
  /** Of rows that were records: the record's time. */
  readonly recordTime: Float64Array
  readonly sums: Float64Array
  readonly parts: Float64Array

  constructor({ layout, memory }: ScannerSpace, index: number) {
    const { columns, fallbackRows, unknownGroups, recordTimes, sums, parts } = layout.batches[index]!
    this.columns = createColumns(layout.rows, memory.buffer, columns)
    this.fallbackRows = new Uint32Array(memory.buffer, fallbackRows, layout.rows)
    this.unknownGroups = new Uint32Array(memory.buffer, unknownGroups, 3 * layout.rows)
    this.recordTime = new Float64Array(memory.buffer, recordTimes, layout.rows)
    this.sums = new Float64Array(memory.buffer, sums, blockSums)
    this.parts = new Float64Array(memory.buffer, parts, recordParts * partFields)
  }
}

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
  /** Groups of the batch that the cache did not know: of its last scan, or of all where somebody else knows the groups. */
  unknownGroups = 0
  /** Of the last walk: records taken, the bytes of their values, and the end (exclusive) of the last one. */
  taken = 0
  valueBytes = 0
  recordsEnd = 0
  readonly #exports: ScannerExports
  readonly #base: number
  /** Null: somebody else knows the groups and keeps the cache. */
  readonly #groups: GroupTable | null
  #groupGeneration = 0
  #batch: Batch | null = null

  /** @param index which of the space's scanners this is */
  constructor(space: ScannerSpace, index: number, groups: GroupTable | null) {
    const { layout, memory, options } = space
    const exports = instantiateWasm<ScannerExports>(space.module, memory)
    const places = layout.scanners[index]!
    const paths = pathsOf(options)
    this.#exports = exports
    this.#base = layout.bytes
    this.#groups = groups
    this.bytes = new Uint8Array(memory.buffer, layout.bytes, layout.room)

    const trusted =
      options.json === 'trusted' &&
      paths.every((path) => path === null || path[0]!.bytes.length <= longestTrustedName)
    exports.setLines(layout.bytes, options.maxLine)
    exports.setReading(timeUnits.indexOf(options.timeUnit), trusted ? 1 : 0)
    writeNames(memory.buffer, places, paths)
    const stepCounts = paths.map((path) => path?.length ?? 0)
    exports.setNames(places.rootSet, places.furtherSets, places.found, ...stepCounts)
    exports.setGroupTable(layout.groupTable, layout.groupEntries, places.scratch)
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

  /** Empties the cache of groups if ids may mean others now. Not while another thread scans. */
  forgetFreedGroups(): void {
    if (this.#groups === null || this.#groupGeneration === this.#groups.generation) return
    this.#groupGeneration = this.#groups.generation
    this.#exports.forgetGroups()
  }

  /** Looks up what a scan, be it of another scanner, left of a batch's groups. */
  lookUpGroups({ columns, unknownGroups }: Batch, count: number): void {
    for (let i = 0; i < count; i++) {
      const row = unknownGroups[3 * i]!
      const start = unknownGroups[3 * i + 1]!
      const end = unknownGroups[3 * i + 2]!
      if (columns.status[row] !== FrameStatus.counted) continue
      const id = this.#groups!.intern(this.bytes, start - this.#base, end - this.#base)
      columns.group[row] = id
      this.#exports.rememberGroup(start, end, id)
    }
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

function pathsOf({ time, key, groupBy }: FrameOptions): (MemberName[] | null)[] {
  return [time, key, groupBy].map((path) => path?.split('.').map(memberName) ?? null)
}

/** Whether a name without escapes has one spelling in bytes, in which no quote or backslash stands. */
function isScannable({ bytes, oneSpelling }: MemberName): boolean {
  return oneSpelling && bytes.every((byte) => byte >= 0x20 && byte !== 0x22 && byte !== 0x5c)
}
