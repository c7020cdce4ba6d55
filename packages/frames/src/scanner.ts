import { columnsSize, createColumns, type FrameColumns } from './columns.js'
import { type MemberName, memberName } from './find-members.js'
import type { GroupTable } from './group-table.js'
import type { FrameOptions } from './options.js'
import type { FrameParser } from './parse-frame.js'
import { type ScannerLayout, scannerLayout, writeNames } from './scanner-layout.js'
import { scannerWasm } from './scanner-wasm.generated.js'
import { FrameStatus } from './status.js'
import { compileWasm, instantiateWasm, type WasmMemory, type WasmModule } from './web.js'

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
  scanValues(fromRow: number, toRow: number): void
}

const timeUnits = ['auto', 's', 'ms', 'us', 'iso']
/** The longest name that the trusted scan finds: a closing quote at most 63 bytes behind its opening one. */
const longestTrustedName = 62

let compiled: WasmModule | null | undefined

/**
 * The scanner in WebAssembly SIMD (assembly/): takes whole lines to the columns itself wherever it is sure to agree
 * with FrameParser, and hands it every other line. Columns and lines lie in its memory, so nothing is copied.
 */
export class Scanner {
  readonly columns: FrameColumns
  /** The room for lines. */
  readonly bytes: Uint8Array
  /** Blank lines of the last scan. */
  blank = 0
  /** Lines that FrameParser judged, so far. */
  fallbacks = 0
  readonly #exports: ScannerExports
  readonly #layout: ScannerLayout
  readonly #fallbackRows: Uint32Array
  readonly #unknownGroups: Uint32Array
  readonly #groups: GroupTable
  #groupGeneration = 0

  /** Null where the engine has no SIMD or no memory for it, or a name can be written in a way that the scanner does not look for. */
  static create(options: FrameOptions, rows: number, room: number, groups: GroupTable): Scanner | null {
    const paths = [options.time, options.key, options.groupBy].map(
      (path) => path?.split('.').map(memberName) ?? null,
    )
    if (paths.some((path) => path?.some((name) => !isScannable(name)))) return null
    if (compiled === undefined) compiled = compileWasm(scannerWasm)
    if (compiled === null) return null
    const layout = scannerLayout(paths, options, columnsSize(rows), rows, room)
    const instance = instantiateWasm<ScannerExports>(compiled, layout.size)
    return instance && new Scanner(instance, layout, paths, options, rows, room, groups)
  }

  private constructor(
    { memory, exports }: { memory: WasmMemory; exports: ScannerExports },
    layout: ScannerLayout,
    paths: readonly (readonly MemberName[] | null)[],
    options: FrameOptions,
    rows: number,
    room: number,
    groups: GroupTable,
  ) {
    this.#layout = layout
    this.#exports = exports
    this.#groups = groups
    this.columns = createColumns(rows, memory.buffer, layout.columns)
    this.bytes = new Uint8Array(memory.buffer, layout.bytes, room)
    this.#fallbackRows = new Uint32Array(memory.buffer, layout.fallbackRows, rows)
    this.#unknownGroups = new Uint32Array(memory.buffer, layout.unknownGroups, 3 * rows)

    const { time, hash, group, status, offset, start, length } = this.columns
    const addresses = [time, hash, group, status, offset, start, length].map(({ byteOffset }) => byteOffset)
    exports.setColumns(...addresses, layout.fallbackRows, layout.unknownGroups, rows)
    const trusted =
      options.json === 'trusted' &&
      paths.every((path) => path === null || path[0]!.bytes.length <= longestTrustedName)
    exports.setLines(layout.bytes, options.maxLine)
    exports.setReading(timeUnits.indexOf(options.timeUnit), trusted ? 1 : 0)
    writeNames(memory.buffer, layout, paths)
    const stepCounts = paths.map((path) => path?.length ?? 0)
    exports.setNames(layout.rootSet, layout.furtherSets, layout.found, ...stepCounts)
    exports.setGroupTable(layout.groupTable, layout.groupEntries, layout.scratch)
  }

  /**
   * Takes the lines of `bytes[from, to)`, which ends behind an LF, into the next rows, until all are taken or the
   * columns are full.
   *
   * @param origin source position of `bytes[0]`
   * @param parser judges the lines that the scanner is not sure of
   * @returns the end (exclusive) of the last line taken
   */
  scan(from: number, to: number, origin: number, parser: FrameParser): number {
    const base = this.#layout.bytes
    this.#begin()
    const end = this.#exports.scan(base + from, base + to, origin) - base
    this.#finish(parser)
    return end
  }

  /**
   * Takes values that are no lines: start, length (0 for none at all) and offset of each are in the rows from
   * `columns.rows` to `to`. Blank ones fall out, the others become the next rows.
   */
  scanValues(to: number, parser: FrameParser): void {
    this.#begin()
    this.#exports.scanValues(this.columns.rows, to)
    this.#finish(parser)
  }

  #begin(): void {
    if (this.#groupGeneration !== this.#groups.generation) {
      this.#groupGeneration = this.#groups.generation
      this.#exports.forgetGroups()
    }
    this.#exports.rows.value = this.columns.rows
  }

  /** What the scanner leaves: groups that its cache does not know, lines of which it is not sure. */
  #finish(parser: FrameParser): void {
    const { columns } = this
    const exports = this.#exports
    columns.rows = exports.rows.value
    this.blank = exports.blank.value
    if (exports.unknownGroups.value > 0) this.#lookUpGroups(exports.unknownGroups.value)
    const fallbacks = exports.fallbacks.value
    this.fallbacks += fallbacks
    for (let i = 0; i < fallbacks; i++) {
      const row = this.#fallbackRows[i]!
      const start = columns.start[row]!
      parser.parse(this.bytes, start, start + columns.length[row]!, row)
    }
  }

  #lookUpGroups(count: number): void {
    const base = this.#layout.bytes
    const list = this.#unknownGroups
    for (let i = 0; i < count; i++) {
      const row = list[3 * i]!
      const start = list[3 * i + 1]!
      const end = list[3 * i + 2]!
      if (this.columns.status[row] !== FrameStatus.counted) continue
      const id = this.#groups.intern(this.bytes, start - base, end - base)
      this.columns.group[row] = id
      this.#exports.rememberGroup(start, end, id)
    }
  }
}

/** Whether a name without escapes has one spelling in bytes, in which no quote or backslash stands. */
function isScannable({ bytes, oneSpelling }: MemberName): boolean {
  return oneSpelling && bytes.every((byte) => byte >= 0x20 && byte !== 0x22 && byte !== 0x5c)
}
