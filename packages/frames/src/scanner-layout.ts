import type { MemberName } from './find-members.js'
import type { FrameOptions } from './options.js'

/** Bytes before the lines: a name is compared by its last eight bytes, which may reach in front of a line. */
const frontPad = 64
/** Bytes behind them: blocks of 64 bytes are read whole. */
const backPad = 128
const recordSize = 24
const groupEntrySize = 64

/** Where everything is in the scanner's memory, which never grows: addresses in bytes. */
export interface ScannerLayout {
  found: number
  scratch: number
  /** Sets of three name records: the first steps of time, key, group; then one for each further step. */
  rootSet: number
  furtherSets: number
  names: number
  groupTable: number
  groupEntries: number
  columns: number
  fallbackRows: number
  unknownGroups: number
  bytes: number
  size: number
}

export function scannerLayout(
  paths: readonly (readonly MemberName[] | null)[],
  options: FrameOptions,
  columnsSize: number,
  rows: number,
  room: number,
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
    found: take(16),
    scratch: take(16),
    rootSet: take(3 * recordSize),
    furtherSets: take(3 * recordSize * furtherSteps),
    names: take(nameBytes),
    groupTable: take(groupEntries * groupEntrySize),
    groupEntries,
    columns: take(columnsSize),
    fallbackRows: take(4 * rows),
    unknownGroups: take(12 * rows),
    bytes: take(frontPad + room + backPad) + frontPad,
    get size() {
      return size
    },
  }
}

/** Writes the name records that the paths need, as assembly/names.ts describes them. */
export function writeNames(
  memory: ArrayBuffer,
  layout: ScannerLayout,
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
