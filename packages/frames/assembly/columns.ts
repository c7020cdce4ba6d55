// The columns of the batch, whose addresses the host gives, and what the host has to know about the last scan.

// Statuses, as in src/frame/status.ts; `unsure` lines are judged by JSON.parse.
export const counted: u32 = 0
const tooLong: u32 = 1
export const notJson: u32 = 2
export const notObject: u32 = 3
export const missingTime: u32 = 4
export const badTime: u32 = 5
export const missingKey: u32 = 6
export const badKey: u32 = 7
export const badGroup: u32 = 8
export const unsure: u32 = 255

/** Rows filled so far in the batch; the host sets it before it begins one. */
export let rows: u32 = 0
/** Blank lines met by the last scan. */
export let blank: u32 = 0
/** Rows of the last scan that the host has to judge. */
export let fallbacks: u32 = 0
/** Groups that the host has to look up; it sets the number back when it has. */
export let unknownGroups: u32 = 0

export let capacity: u32 = 0
/** Where the lines begin: what the starts count from. */
export let bytes: usize = 0
let maxLine: usize = 0
let times: usize = 0
let hashes: usize = 0
let groups: usize = 0
let statuses: usize = 0
let offsets: usize = 0
let starts: usize = 0
let lengths: usize = 0
let fallbackRows: usize = 0
let unknownGroupRows: usize = 0

export function setColumns(
  time: usize,
  hash: usize,
  group: usize,
  status: usize,
  offset: usize,
  start: usize,
  length: usize,
  fallback: usize,
  unknownGroup: usize,
  rowCapacity: u32,
): void {
  times = time
  hashes = hash
  groups = group
  statuses = status
  offsets = offset
  starts = start
  lengths = length
  fallbackRows = fallback
  unknownGroupRows = unknownGroup
  capacity = rowCapacity
}

export function setLines(firstByte: usize, longest: u32): void {
  bytes = firstByte
  maxLine = <usize>longest
}

export function beginScan(): void {
  blank = 0
  fallbacks = 0
}

export function addBlank(): void {
  blank++
}

export function nextRow(): u32 {
  return rows++
}

export function timeCell(row: u32): usize {
  return times + ((<usize>row) << 3)
}

export function hashCell(row: u32): usize {
  return hashes + ((<usize>row) << 4)
}

export function groupCell(row: u32): usize {
  return groups + ((<usize>row) << 2)
}

function offsetCell(row: u32): usize {
  return offsets + ((<usize>row) << 3)
}

function startCell(row: u32): usize {
  return starts + ((<usize>row) << 2)
}

function lengthCell(row: u32): usize {
  return lengths + ((<usize>row) << 2)
}

/** Leaves the row's group, the bytes `[p, end)`, to the host. */
export function addUnknownGroup(row: u32, p: usize, end: usize): void {
  const entry = unknownGroupRows + <usize>unknownGroups * 12
  unknownGroups++
  store<u32>(entry, row)
  store<u32>(entry, <u32>p, 4)
  store<u32>(entry, <u32>end, 8)
}

/** What is left to write of a row when its line was judged. */
export function finishRow(row: u32, judged: u32, offset: f64, start: usize, length: usize): void {
  const isTooLong = length > maxLine
  const status = isTooLong ? tooLong : judged
  store<f64>(offsetCell(row), offset)
  store<u32>(startCell(row), <u32>(start - bytes))
  store<u32>(lengthCell(row), <u32>(isTooLong ? maxLine : length))
  store<u8>(statuses + <usize>row, <u8>status)
  if (status === counted) return
  if (status === unsure) {
    store<u32>(fallbackRows + ((<usize>fallbacks) << 2), row)
    fallbacks++
  } else {
    store<f64>(timeCell(row), NaN)
    v128.store(hashCell(row), i64x2.splat(0))
    store<u32>(groupCell(row), 0)
  }
}
