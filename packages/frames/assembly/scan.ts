import { carriageReturn, findLineFeed, isBlank, lineFeed, skipBlanks } from './bytes'
import {
  addBlank,
  beginScan,
  bytes,
  capacity,
  finishRow,
  lengthCell,
  nextRow,
  offsetCell,
  rows,
  startCell,
  unsure,
} from './columns'
import { behindObject, judge } from './frame'

// What the host calls and reads: src/scanner.ts.
export { blank, fallbacks, rows, setColumns, setLines, unknownGroups } from './columns'
export { setNames, setReading } from './frame'
export { forgetGroups, rememberGroup, setGroupTable } from './groups'

/**
 * Scans the lines of `[from, to)`, which ends behind an LF, into the next rows, until all are taken or the columns
 * are full. `origin` is the source position of the first byte of all.
 *
 * @returns the address behind the last line taken
 */
export function scan(from: usize, to: usize, origin: f64): usize {
  beginScan()
  let p = from
  while (p < to && rows < capacity) p = scanLine(p, origin)
  return p
}

/**
 * Scans values that are no lines: rows `[from, to)` hold start, length (0 for none at all) and offset of each. Blank
 * ones fall out, the others move up and become rows from `from` on.
 */
export function scanValues(from: u32, to: u32): void {
  beginScan()
  for (let i = from; i < to; i++) {
    const start = bytes + <usize>load<u32>(startCell(i))
    const end = start + <usize>load<u32>(lengthCell(i))
    let p = start
    while (p < end && isBlank(<u32>load<u8>(p))) p++
    if (p === end) {
      addBlank()
      continue
    }
    const offset = load<f64>(offsetCell(i))
    // Made a line by an LF behind it; the byte there belongs to someone else.
    const behind = load<u8>(end)
    store<u8>(end, <u8>lineFeed)
    const row = nextRow()
    const status = judge(p, row)
    finishRow(row, behindObject === 0 || behindObject === end ? status : unsure, offset, start, end - start)
    store<u8>(end, behind)
  }
}

/** Returns the address behind the line's LF. */
function scanLine(start: usize, origin: f64): usize {
  const open = skipBlanks(start)
  if (<u32>load<u8>(open) === lineFeed) {
    addBlank()
    return open + 1
  }
  const row = nextRow()
  const status = judge(open, row)
  const feed = behindObject === 0 ? findLineFeed(open) : behindObject
  const length = feed - start - <usize>(<u32>load<u8>(feed - 1) === carriageReturn)
  finishRow(row, status, origin + <f64>(start - bytes), start, length)
  return feed + 1
}
