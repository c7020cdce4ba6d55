import { carriageReturn, findLineFeed, lineFeed, skipBlanks } from './bytes'
import { addBlank, beginScan, bytes, capacity, finishRow, nextRow, rows } from './columns'
import { behindObject, judge } from './frame'

// What the host calls and reads: src/scanner/scanner.ts.
export { blank, fallbacks, rows, setColumns, setLines, unknownGroups } from './columns'
export { setDecodedText } from './decoding'
export { setNames, setReading } from './frame'
export { forgetGroups, rememberGroup, setGroupTable } from './groups'
export { setMembers } from './members'
export { setNameScratch } from './names'
export {
  nextRecord,
  setBatch,
  setRecordKeys,
  setRecordTimes,
  setValueReading,
  taken,
  valueBytes,
  walkRecords,
} from './records'

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
