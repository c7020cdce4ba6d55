import { carriageReturn, findLineFeed, isBlank, lineFeed, openBrace, quote, skipBlanks } from './bytes'
import { integerEnd, memberValue, noTime, plainStringEnd, readTime } from './fields'
import { findFirstMembers } from './first-members'
import { groupId } from './groups'
import { murmur3 } from './murmur'
import { recordSize } from './names'
import { scanObject } from './object'

export { forgetGroups, rememberGroup, setGroupTable } from './groups'

// Statuses, as in src/status.ts; `unsure` lines are judged by JSON.parse.
const counted: u32 = 0
const tooLong: u32 = 1
const missingTime: u32 = 4
const missingKey: u32 = 6
const unsure: u32 = 255

/** Rows filled so far in the batch; the host sets it before it begins one. */
export let rows: u32 = 0
/** Blank lines met by the last scan. */
export let blank: u32 = 0
/** Rows of the last scan that the host has to judge, and groups that it has to look up. */
export let fallbacks: u32 = 0
export let unknownGroups: u32 = 0

let times: usize = 0
let hashes: usize = 0
let groups: usize = 0
let statuses: usize = 0
let offsets: usize = 0
let starts: usize = 0
let lengths: usize = 0
let fallbackRows: usize = 0
let unknownGroupRows: usize = 0
let capacity: u32 = 0

let bytes: usize = 0
let maxLine: usize = 0
let unit: u32 = 0
let trusted: bool = false

// For time, key, group: a set of name records for each step. The first step's set is shared by all three.
let roots: usize = 0
let found: usize = 0
let steps: usize = 0
let timeSteps: u32 = 0
let keySteps: u32 = 0
let groupSteps: u32 = 0
let rootNames: u32 = 0

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

export function setLines(firstByte: usize, longest: u32, timeUnit: u32, isTrusted: bool): void {
  bytes = firstByte
  maxLine = <usize>longest
  unit = timeUnit
  trusted = isTrusted
}

/**
 * @param rootSet the records of the first steps of time, key and group
 * @param furtherSteps a set for each further step, those of the time's path first, then the key's, the group's
 * @param foundAt 12 bytes to work in
 * @param timeLength how many steps a path has, 0 for one that is not wanted
 */
export function setNames(
  rootSet: usize,
  furtherSteps: usize,
  foundAt: usize,
  timeLength: u32,
  keyLength: u32,
  groupLength: u32,
): void {
  roots = rootSet
  steps = furtherSteps
  found = foundAt
  timeSteps = timeLength
  keySteps = keyLength
  groupSteps = groupLength
  rootNames = <u32>(timeLength > 0) + <u32>(keyLength > 0) + <u32>(groupLength > 0)
}

/**
 * Scans the lines of `[from, to)`, which ends behind an LF, into the next rows, until all are taken or the columns
 * are full. `origin` is the source position of the first byte of all.
 *
 * @returns the address behind the last line taken
 */
export function scan(from: usize, to: usize, origin: f64): usize {
  blank = 0
  fallbacks = 0
  unknownGroups = 0
  let p = from
  while (p < to && rows < capacity) p = scanLine(p, origin)
  return p
}

/**
 * Scans values that are no lines: rows `[from, to)` hold start, length (0 for none at all) and offset of each. Blank
 * ones fall out, the others move up and become rows from `from` on.
 */
export function scanValues(from: u32, to: u32): void {
  blank = 0
  fallbacks = 0
  unknownGroups = 0
  for (let i = from; i < to; i++) {
    const start = bytes + <usize>load<u32>(starts + ((<usize>i) << 2))
    const end = start + <usize>load<u32>(lengths + ((<usize>i) << 2))
    let p = start
    while (p < end && isBlank(<u32>load<u8>(p))) p++
    if (p === end) {
      blank++
      continue
    }
    const offset = load<f64>(offsets + ((<usize>i) << 3))
    // Made a line by an LF behind it; the byte there belongs to someone else.
    const behind = load<u8>(end)
    store<u8>(end, <u8>lineFeed)
    const row = rows++
    const status = judge(p, row)
    finishRow(row, behindObject === 0 || behindObject === end ? status : unsure, offset, start, end - start)
    store<u8>(end, behind)
  }
}

/** Returns the address behind the line's LF. */
function scanLine(start: usize, origin: f64): usize {
  const open = skipBlanks(start)
  if (<u32>load<u8>(open) === lineFeed) {
    blank++
    return open + 1
  }
  const row = rows++
  const status = judge(open, row)
  const feed = behindObject === 0 ? findLineFeed(open) : behindObject
  const length = feed - start - <usize>(<u32>load<u8>(feed - 1) === carriageReturn)
  finishRow(row, status, origin + <f64>(start - bytes), start, length)
  return feed + 1
}

/** The LF behind the object judged last; 0 where it was not looked for. */
let behindObject: usize = 0

/** Fills the row's time, hash and group from the line that begins with `open`. Returns its status. */
function judge(open: usize, row: u32): u32 {
  behindObject = 0
  if (<u32>load<u8>(open) !== openBrace) return unsure
  if (trusted) {
    // Of what is wanted only the group may be missing.
    findFirstMembers(open, roots, found, rootNames)
    if (load<u32>(found) === 0 || (keySteps !== 0 && load<u32>(found, 4) === 0)) return unsure
    return readFields(row) === counted ? counted : unsure
  }
  const end = scanObject(open, roots, found)
  if (end === 0) return unsure
  const behind = skipBlanks(end)
  if (<u32>load<u8>(behind) !== lineFeed) return unsure
  behindObject = behind
  return readFields(row)
}

function finishRow(row: u32, judged: u32, offset: f64, start: usize, length: usize): void {
  const isTooLong = length > maxLine
  const status = isTooLong ? tooLong : judged
  store<f64>(offsets + ((<usize>row) << 3), offset)
  store<u32>(starts + ((<usize>row) << 2), <u32>(start - bytes))
  store<u32>(lengths + ((<usize>row) << 2), <u32>(isTooLong ? maxLine : length))
  store<u8>(statuses + <usize>row, <u8>status)
  if (status === counted) return
  if (status === unsure) {
    store<u32>(fallbackRows + ((<usize>fallbacks) << 2), row)
    fallbacks++
  } else {
    store<f64>(times + ((<usize>row) << 3), NaN)
    v128.store(hashes + ((<usize>row) << 4), i64x2.splat(0))
    store<u32>(groups + ((<usize>row) << 2), 0)
  }
}

/** Fills the row from the members found. Returns its status. */
function readFields(row: u32): u32 {
  // Taken now: a further step of one path uses the same words.
  const timeName = <usize>load<u32>(found)
  const keyName = <usize>load<u32>(found, 4)
  const groupName = <usize>load<u32>(found, 8)

  const time = timeName === 0 ? <usize>0 : descend(timeName, steps, timeSteps)
  if (time === 0) return missingTime
  const ms = readTime(time, unit)
  if (ms === noTime) return unsure
  store<f64>(times + ((<usize>row) << 3), ms)

  const hash = hashes + ((<usize>row) << 4)
  if (keySteps === 0) v128.store(hash, i64x2.splat(0))
  else {
    let key =
      keyName === 0 ? <usize>0 : descend(keyName, steps + <usize>(timeSteps - 1) * 3 * recordSize, keySteps)
    if (key === 0) return missingKey
    let end: usize
    if (<u32>load<u8>(key) === quote) end = plainStringEnd(++key)
    else end = integerEnd(key)
    if (end === 0) return unsure
    murmur3(key, <u32>(end - key), hash)
  }

  const groupCell = groups + ((<usize>row) << 2)
  store<u32>(groupCell, 0)
  if (groupSteps === 0 || groupName === 0) return counted
  const before = timeSteps - 1 + (keySteps === 0 ? 0 : keySteps - 1)
  let group = descend(groupName, steps + <usize>before * 3 * recordSize, groupSteps)
  if (group === 0) return counted
  const word = load<u32>(group)
  let end: usize
  if ((word & 0xff) === quote) end = plainStringEnd(++group)
  else if (word === 0x6c6c756e) return counted
  else if (word === 0x65757274) end = group + 4
  else if (word === 0x736c6166) end = group + 5
  else end = integerEnd(group)
  if (end === 0) return unsure
  const id = groupId(group, end)
  store<u32>(groupCell, id)
  if (id === 0) {
    const entry = unknownGroupRows + <usize>unknownGroups * 12
    unknownGroups++
    store<u32>(entry, row)
    store<u32>(entry, <u32>group, 4)
    store<u32>(entry, <u32>end, 8)
  }
  return counted
}

/** The value at the end of a path whose first step is the member named at `name`; 0 if there is none. */
function descend(name: usize, sets: usize, length: u32): usize {
  let value = memberValue(name)
  for (let i: u32 = 1; i < length; i++) {
    if (<u32>load<u8>(value) !== openBrace || scanObject(value, sets, found) === 0) return 0
    const next = <usize>load<u32>(found)
    if (next === 0) return 0
    value = memberValue(next)
    sets += 3 * recordSize
  }
  return value
}
