import { columnsSize } from '../frame/columns.js'
import type { MemberOptions } from '../frame/record-fields.js'
import { type NameTree, nameSetsSize } from './name-sets.js'

/** Bytes before the lines: a name is compared by its last eight bytes, which may reach in front of a line. */
const frontPad = 64
/** Bytes behind them: blocks of 64 bytes are read whole. */
const backPad = 128
const groupEntrySize = 64
/** Bytes of a text that escapes are decoded in, as in assembly/decoding.ts, and what may be read beyond. */
const decodedRoom = 4096 + 16

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
  readonly groupHash: number
  readonly nameScratch: number
  readonly decodedText: number
  /** Of the wanted names: their lengths, their sets and the names themselves. */
  readonly lengths: number
  readonly sets: number
  readonly names: number
}

/** Where a batch's rows go, and what the scanner leaves to others. */
interface BatchPlaces {
  readonly columns: number
  readonly fallbackRows: number
  readonly unknownGroups: number
  /** Times of the records that became rows. */
  readonly recordTimes: number
  /** Start and length of their keys; 0: they are not wanted. */
  readonly recordKeys: number
  /** f64 each: what threads tell each other of a block, and of the parts of one of records. */
  readonly sums: number
  readonly parts: number
}

export function scannerLayout(
  tree: NameTree,
  options: MemberOptions,
  hasKeys: boolean,
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
  const groupEntries = options.groupBy === null ? 2 : 131_072
  return {
    scanners: Array.from({ length: scanners }, () => {
      // No two threads write to one cache line.
      size = (size + 127) & ~127
      return {
        found: take(16),
        groupHash: take(16),
        nameScratch: take(16),
        decodedText: take(decodedRoom),
        lengths: take(tree.lengths.length),
        sets: take(nameSetsSize(tree)),
        names: take(tree.nameBytes),
      }
    }),
    groupTable: take(groupEntries * groupEntrySize),
    groupEntries,
    batches: Array.from({ length: batches }, () => ({
      columns: take(columnsSize(rows)),
      fallbackRows: take(4 * rows),
      unknownGroups: take(12 * rows),
      recordTimes: take(8 * rows),
      recordKeys: hasKeys ? take(8 * rows) : 0,
      sums: take(8 * blockSums),
      parts: take(8 * recordParts * partFields),
    })),
    rows,
    bytes: take(frontPad + room + backPad) + frontPad,
    room,
    size,
  }
}
