import { columnsSize } from '../frame/columns.js'
import type { MemberName } from '../frame/find-members.js'
import type { FrameOptions } from '../frame/options.js'

/** Bytes before the lines: a name is compared by its last eight bytes, which may reach in front of a line. */
const frontPad = 64
/** Bytes behind them: blocks of 64 bytes are read whole. */
const backPad = 128
const recordSize = 24
const groupEntrySize = 64

/** Numbers that a block has room for. */
export const blockSums = 16
/** Parts of a block of records at most, and numbers of each. */
export const recordParts = 64
export const partFields = 9

/** Where everything is in the memory of one scanner or several, which never grows: addresses in bytes. */
export interface ScannerLayout {
  readonly scanners: readonly ScannerPlaces[]
  readonly batches: readonly BatchPlaces[]
  /** Shared by the scanners. */
  readonly groupTable: number
  readonly groupEntries: number
  /** The rows of a batch. */
  readonly rows: number
  /** The lines, and how many bytes of them there may be. */
  readonly bytes: number
  readonly room: number
  readonly size: number
}

/** What a scanner has to itself. */
interface ScannerPlaces {
  readonly found: number
  readonly scratch: number
  /** Sets of three name records: the first steps of time, key, group; then one for each further step. */
  readonly rootSet: number
  readonly furtherSets: number
  readonly names: number
}

/** Where a batch's rows go, and what the scanner leaves to others. */
interface BatchPlaces {
  readonly columns: number
  readonly fallbackRows: number
  readonly unknownGroups: number
  /** Times of the records that became rows. */
  readonly recordTimes: number
  /** f64 each: what threads tell each other of a block, and of the parts of one of records. */
  readonly sums: number
  readonly parts: number
}

export function scannerLayout(
  paths: readonly (readonly MemberName[] | null)[],
  options: FrameOptions,
  rows: number,
  room: number,
  scanners: number,
  batches: number,
): ScannerLayout {
  let size = 1024
  const take = (length: number) => {
    const address = size
    size += (length + 15) & ~15
    return address
  }
  const steps = paths.flatMap((path) => path ?? [])
  const furtherSteps = paths.reduce((sum, path) => sum + (path === null ? 0 : path.length - 1), 0)
  const nameBytes = steps.reduce((sum, { bytes }) => sum + bytes.length + 2, 0)
  const groupEntries = options.groupBy === null ? 1 : 8192
  return {
    scanners: Array.from({ length: scanners }, () => {
      // No two threads write to one cache line.
      size = (size + 127) & ~127
      return {
        found: take(16),
        scratch: take(16),
        rootSet: take(3 * recordSize),
        furtherSets: take(3 * recordSize * furtherSteps),
        names: take(nameBytes),
      }
    }),
    groupTable: take(groupEntries * groupEntrySize),
    groupEntries,
    batches: Array.from({ length: batches }, () => ({
      columns: take(columnsSize(rows)),
      fallbackRows: take(4 * rows),
      unknownGroups: take(12 * rows),
      recordTimes: take(8 * rows),
      sums: take(8 * blockSums),
      parts: take(8 * recordParts * partFields),
    })),
    rows,
    bytes: take(frontPad + room + backPad) + frontPad,
    room,
    size,
  }
}

/** Writes the name records that the paths need, as assembly/names.ts describes them. */
export function writeNames(
  memory: ArrayBufferLike,
  layout: ScannerPlaces,
  paths: readonly (readonly MemberName[] | null)[],
): void {
  const view = new DataView(memory)
  let name = layout.names
  const writeSet = (set: number, wanted: readonly (MemberName | null)[]) => {
    for (let i = 0; i < 3; i++) {
      const bytes = quoted(wanted[i] ?? wanted.find((other) => other !== null && other !== undefined)!)
      const record = set + i * recordSize
      const isWanted = wanted[i] !== null && wanted[i] !== undefined
      const last = bytes.subarray(-8)
      // Not wanted: no bit counts, and what is left, 0, is no 1.
      view.setBigUint64(record, 1n, true)
      view.setBigUint64(record + 8, 0n, true)
      for (let k = 0; isWanted && k < 8; k++) {
        const used = k >= 8 - last.length
        view.setUint8(record + k, used ? last[k - 8 + last.length]! : 0)
        view.setUint8(record + 8 + k, used ? 0xff : 0)
      }
      view.setUint32(record + 16, name, true)
      view.setUint32(record + 20, bytes.length, true)
      if (isWanted) {
        new Uint8Array(memory).set(bytes, name)
        name += bytes.length
      }
    }
  }
  writeSet(
    layout.rootSet,
    paths.map((path) => path?.[0] ?? null),
  )
  let set = layout.furtherSets
  for (const path of paths) {
    for (const step of path?.slice(1) ?? []) {
      writeSet(set, [step])
      set += 3 * recordSize
    }
  }
}

function quoted(name: MemberName): Uint8Array {
  return Uint8Array.of(0x22, ...name.bytes, 0x22)
}
