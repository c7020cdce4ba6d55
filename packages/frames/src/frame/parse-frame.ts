import { decodeUtf8 } from '../web.js'
import type { FrameColumns } from './columns.js'
import { decodeString } from './decode-string.js'
import { findMembers, type MemberName, memberName } from './find-members.js'
import type { GroupTable } from './group-table.js'
import { pathNames } from './member-path.js'
import { murmur3 } from './murmur3.js'
import { readNumericTime } from './read-time.js'
import type { MemberOptions } from './record-fields.js'
import { FrameStatus } from './status.js'
import { readTextTime } from './text-time.js'

/** The most bytes of a group, which becomes part of record keys and of names in downstream systems. */
export const longestGroup = 1024

/** A wanted path: its steps, and where findMembers leaves the span of the first of them. */
interface Path {
  steps: MemberName[]
  rootSpan: number
}

/**
 * Judges one line: JSON.parse decides whether it is JSON, and nothing of the value it builds is used. The wanted
 * values are then found in the bytes, so that keys keep their raw bytes and integers all their digits, and no
 * member name of a frame can reach an object's prototype.
 *
 * This is the definition of what a line means; a faster way has to give the same columns.
 */
export class FrameParser {
  readonly #columns: FrameColumns
  readonly #groups: Pick<GroupTable, 'intern'>
  readonly #timeUnit: MemberOptions['timeUnit']
  readonly #time: Path | null
  readonly #key: Path | null
  readonly #group: Path | null
  readonly #roots: MemberName[] = []
  readonly #spans: Int32Array
  readonly #step: MemberName[] = []
  readonly #stepSpan = new Int32Array(2)
  /** The span of the value that #locate found. */
  #start = 0
  #end = 0
  #decoded = new Uint8Array(256)

  constructor(options: MemberOptions, columns: FrameColumns, groups: Pick<GroupTable, 'intern'>) {
    this.#columns = columns
    this.#groups = groups
    this.#timeUnit = options.timeUnit
    this.#time = options.time === null ? null : this.#wanted(options.time)
    this.#key = options.key === null ? null : this.#wanted(options.key)
    this.#group = options.groupBy === null ? null : this.#wanted(options.groupBy)
    this.#spans = new Int32Array(2 * this.#roots.length)
  }

  /** Fills the row's time, hash, group and status from the line `bytes[start, end)`. */
  parse(bytes: Uint8Array, start: number, end: number, row: number): void {
    const status = this.#judge(bytes, start, end, row)
    if (status === FrameStatus.counted) this.#columns.status[row] = status
    else rejectRow(this.#columns, row, status)
  }

  #judge(bytes: Uint8Array, start: number, end: number, row: number): number {
    try {
      JSON.parse(decodeUtf8(bytes.subarray(start, end)))
    } catch {
      return FrameStatus.notJson
    }
    let open = start
    while (bytes[open]! <= 0x20) open++
    if (bytes[open] !== 0x7b) return FrameStatus.notObject
    findMembers(bytes, open, this.#roots, this.#spans)
    return this.#readTime(bytes, row) || this.#readKey(bytes, row) || this.#readGroup(bytes, row)
  }

  #readTime(bytes: Uint8Array, row: number): number {
    if (this.#time === null) return FrameStatus.counted
    if (!this.#locate(bytes, this.#time)) return FrameStatus.missingTime
    const first = bytes[this.#start]!
    let time = Number.NaN
    if (first === 0x22) {
      const length = this.#decode(bytes)
      time = readTextTime(this.#decoded, 0, length, this.#timeUnit)
    } else if (isNumber(first) && this.#timeUnit !== 'iso') {
      time = readNumericTime(bytes, this.#start, this.#end, this.#timeUnit)
    }
    this.#columns.time[row] = time
    return Number.isNaN(time) ? FrameStatus.badTime : FrameStatus.counted
  }

  #readKey(bytes: Uint8Array, row: number): number {
    const { hash } = this.#columns
    if (this.#key === null) {
      hash.fill(0, 4 * row, 4 * row + 4)
      return FrameStatus.counted
    }
    if (!this.#locate(bytes, this.#key)) return FrameStatus.missingKey
    if (bytes[this.#start] === 0x22) {
      const length = this.#decode(bytes)
      murmur3(this.#decoded, 0, length, hash, 4 * row)
    } else if (this.#isInteger(bytes)) {
      murmur3(bytes, this.#start, this.#end - this.#start, hash, 4 * row)
    } else return FrameStatus.badKey
    return FrameStatus.counted
  }

  #readGroup(bytes: Uint8Array, row: number): number {
    const { group } = this.#columns
    group[row] = 0
    if (this.#group === null || !this.#locate(bytes, this.#group)) return FrameStatus.counted
    const first = bytes[this.#start]
    if (first === 0x22) {
      const length = this.#decode(bytes)
      if (length > longestGroup) return FrameStatus.badGroup
      group[row] = this.#groups.intern(this.#decoded, 0, length)
    } else if (first === 0x74 || first === 0x66 || this.#isInteger(bytes)) {
      if (this.#end - this.#start > longestGroup) return FrameStatus.badGroup
      group[row] = this.#groups.intern(bytes, this.#start, this.#end)
      // Only null is left of what begins with an n.
    } else if (first !== 0x6e) return FrameStatus.badGroup
    return FrameStatus.counted
  }

  #wanted(path: string): Path {
    const steps = pathNames(path).map(memberName)
    this.#roots.push(steps[0]!)
    return { steps, rootSpan: 2 * (this.#roots.length - 1) }
  }

  /** Sets #start and #end to the span of the path's value; false where a step is missing or no object. */
  #locate(bytes: Uint8Array, path: Path): boolean {
    let start = this.#spans[path.rootSpan]!
    let end = this.#spans[path.rootSpan + 1]!
    for (let i = 1; i < path.steps.length && start >= 0; i++) {
      if (bytes[start] !== 0x7b) return false
      this.#step[0] = path.steps[i]!
      findMembers(bytes, start, this.#step, this.#stepSpan)
      start = this.#stepSpan[0]!
      end = this.#stepSpan[1]!
    }
    this.#start = start
    this.#end = end
    return start >= 0
  }

  /** Decodes the string found into #decoded. Returns its length. */
  #decode(bytes: Uint8Array): number {
    const needed = this.#end - this.#start
    if (this.#decoded.length < needed) this.#decoded = new Uint8Array(2 * needed)
    return decodeString(bytes, this.#start + 1, this.#end - 1, this.#decoded)
  }

  /** Whether the value found is an integer as written, no fraction, no exponent; `-0` becomes the span of its 0. */
  #isInteger(bytes: Uint8Array): boolean {
    if (!isNumber(bytes[this.#start]!)) return false
    for (let i = this.#start + 1; i < this.#end; i++) {
      if (bytes[i]! < 0x30 || bytes[i]! > 0x39) return false
    }
    if (bytes[this.#start] === 0x2d && bytes[this.#start + 1] === 0x30) this.#start++
    return true
  }
}

/** Makes a row one of which nothing is read from JSON. */
export function acceptRow(columns: FrameColumns, row: number): void {
  columns.hash.fill(0, 4 * row, 4 * row + 4)
  columns.group[row] = 0
  columns.status[row] = FrameStatus.counted
}

/** Makes a row one that was not counted, for this reason. */
export function rejectRow(columns: FrameColumns, row: number, status: number): void {
  columns.time[row] = Number.NaN
  columns.hash.fill(0, 4 * row, 4 * row + 4)
  columns.group[row] = 0
  columns.status[row] = status
}

function isNumber(first: number): boolean {
  return first === 0x2d || (first >= 0x30 && first <= 0x39)
}
