import { lineFeed, openBrace, quote, skipBlanks } from './bytes'
import {
  addUnknownGroup,
  counted,
  groupCell,
  hashCell,
  missingKey,
  missingTime,
  timeCell,
  unsure,
} from './columns'
import { integerEnd, memberValue, plainStringEnd } from './fields'
import { findFirstMembers } from './first-members'
import { groupId } from './groups'
import { murmur3 } from './murmur'
import { recordSize } from './names'
import { scanObject } from './object'
import { noTime, readTime } from './times'

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

/** @param timeUnit 0 auto, 1 s, 2 ms, 3 us, 4 iso */
export function setReading(timeUnit: u32, isTrusted: bool): void {
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

/** The LF behind the object judged last; 0 where it was not looked for. */
export let behindObject: usize = 0

/** Fills the row's time, hash and group from the line that begins with `open`. Returns its status. */
export function judge(open: usize, row: u32): u32 {
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
  store<f64>(timeCell(row), ms)

  const hash = hashCell(row)
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

  store<u32>(groupCell(row), 0)
  if (groupSteps === 0 || groupName === 0) return counted
  const before = timeSteps - 1 + (keySteps === 0 ? 0 : keySteps - 1)
  let group = descend(groupName, steps + <usize>before * 3 * recordSize, groupSteps)
  if (group === 0) return refused ? unsure : counted
  const word = load<u32>(group)
  let end: usize
  if ((word & 0xff) === quote) end = plainStringEnd(++group)
  else if (word === 0x6c6c756e) return counted
  else if (word === 0x65757274) end = group + 4
  else if (word === 0x736c6166) end = group + 5
  else end = integerEnd(group)
  if (end === 0) return unsure
  const id = groupId(group, end)
  store<u32>(groupCell(row), id)
  if (id === 0) addUnknownGroup(row, group, end)
  return counted
}

/** Whether the last descent ended at an object that the scan refused; it was checked before unless trusted. */
let refused = false

/** The value at the end of a path whose first step is the member named at `name`; 0 if there is none. */
function descend(name: usize, sets: usize, length: u32): usize {
  let value = memberValue(name)
  refused = false
  for (let i: u32 = 1; i < length; i++) {
    if (<u32>load<u8>(value) !== openBrace) return 0
    refused = scanObject(value, sets, found) === 0
    if (refused) return 0
    const next = <usize>load<u32>(found)
    if (next === 0) return 0
    value = memberValue(next)
    sets += 3 * recordSize
  }
  return value
}
