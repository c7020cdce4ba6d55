import { scalarEnd } from './atoms'
import { backslash, findLineFeed, lineFeed, openBrace, openBracket, quote, skipBlanks, space } from './bytes'
import {
  addUnknownGroup,
  badGroup,
  badKey,
  badTime,
  counted,
  groupCell,
  hashCell,
  missingKey,
  missingTime,
  notJson,
  notObject,
  timeCell,
  unsure,
} from './columns'
import { decoded, decodeText } from './decoding'
import { readEscape } from './escapes'
import { integerEnd, integerStart, memberValue, plainStringEnd } from './fields'
import { findFirstMembers } from './first-members'
import { groupId } from './groups'
import { murmur3 } from './murmur'
import { isTooDeep } from './object'
import { noTime } from './time-range'
import { readTime } from './times'
import { scanValue } from './value'

/** The most bytes of a group; as in src/frame/parse-frame.ts. */
const longestGroup: usize = 1024

let unit: u32 = 0
let isTrusted = false
let isPlainFirst = false
let tree: usize = 0
let flat: usize = 0
let found: usize = 0
let wanted: u32 = 0

/**
 * @param timeUnit 0 auto, 1 s, 2 ms, 3 us, 4 ns, 5 iso
 * @param plainFirst where the input is trusted, names are looked for among those with escapes only if they are not found
 */
export function setReading(timeUnit: u32, trusted: bool, plainFirst: bool): void {
  unit = timeUnit
  isTrusted = trusted
  isPlainFirst = plainFirst
}

/**
 * @param treeAt the names of the paths as a tree of sets
 * @param flatAt those of paths of one name, the i-th that of path i; 0 where a path has several
 * @param foundAt 12 bytes to work in
 * @param wantedPaths bit 0: the time, bit 1: the key, bit 2: the group
 */
export function setNames(treeAt: usize, flatAt: usize, foundAt: usize, wantedPaths: u32): void {
  tree = treeAt
  flat = flatAt
  found = foundAt
  wanted = wantedPaths
}

/** The LF behind the object judged last; 0 where it was not looked for. */
export let behindObject: usize = 0

/** Fills the row's time, hash and group from the line that begins with `open`, which is no blank. Returns its status. */
export function judge(open: usize, row: u32): u32 {
  behindObject = 0
  const first = <u32>load<u8>(open)
  if (isTrusted && first === openBrace) {
    findFirstMembers(open, tree, isPlainFirst ? flat : 0, found, wanted)
    // Of what is wanted only the group may be missing.
    const hasTime = (wanted & 1) === 0 || load<u32>(found) !== 0
    const isComplete = hasTime && ((wanted & 2) === 0 || load<u32>(found, 4) !== 0)
    if (isComplete && readFields(row) === counted) return counted
  }
  if (first !== openBrace && first !== openBracket) return judgeScalar(open)
  const end = scanValue(open, tree, flat, found)
  if (end === 0) return isTooDeep ? unsure : notJson
  const behind = skipBlanks(end)
  if (<u32>load<u8>(behind) !== lineFeed) return notJson
  behindObject = behind
  return first === openBrace ? readFields(row) : notObject
}

/** The status of a line that is neither object nor array. */
function judgeScalar(p: usize): u32 {
  const end = <u32>load<u8>(p) === quote ? stringEnd(p + 1) : scalarEnd(p)
  if (end === 0) return notJson
  const behind = skipBlanks(end)
  if (<u32>load<u8>(behind) !== lineFeed) return notJson
  behindObject = behind
  return notObject
}

/** The address behind the string whose content begins at `p`; 0 where it is none. */
function stringEnd(p: usize): usize {
  while (true) {
    const byte = <u32>load<u8>(p)
    if (byte === quote) return p + 1
    if (byte < space) return 0
    if (byte === backslash) {
      p = readEscape(p)
      if (p === 0) return 0
    } else p++
  }
}

/** Fills the row from the members found. Returns its status. */
function readFields(row: u32): u32 {
  if ((wanted & 1) !== 0) {
    const timeName = <usize>load<u32>(found)
    if (timeName === 0) return missingTime
    const ms = readTime(memberValue(timeName), unit)
    if (ms === noTime) return badTime
    store<f64>(timeCell(row), ms)
  }
  const status = readKey(row)
  return status === counted ? readGroup(row) : status
}

function readKey(row: u32): u32 {
  const hash = hashCell(row)
  if ((wanted & 2) === 0) {
    v128.store(hash, i64x2.splat(0))
    return counted
  }
  const name = <usize>load<u32>(found, 4)
  if (name === 0) return missingKey
  const key = memberValue(name)
  if (<u32>load<u8>(key) !== quote) {
    const end = integerEnd(key)
    if (end === 0) return badKey
    const digits = integerStart(key)
    murmur3(digits, <u32>(end - digits), hash)
    return counted
  }
  const end = plainStringEnd(key + 1)
  if (end !== 0) murmur3(key + 1, <u32>(end - key - 1), hash)
  else {
    const length = decodeText(key + 1)
    if (length < 0) return unsure
    murmur3(decoded, <u32>length, hash)
  }
  return counted
}

function readGroup(row: u32): u32 {
  store<u32>(groupCell(row), 0)
  const name = <usize>load<u32>(found, 8)
  if ((wanted & 4) === 0 || name === 0) return counted
  let group = memberValue(name)
  const word = load<u32>(group)
  let end: usize
  if ((word & 0xff) === quote) {
    end = plainStringEnd(++group)
    // The cache and the host know groups as they are spelled.
    if (end === 0) {
      end = spelledEnd(group)
      if (end === 0 || end - group > longestGroup) return unsure
    }
  } else if (word === 0x6c6c756e) return counted
  else if (word === 0x65757274) end = group + 4
  else if (word === 0x736c6166) end = group + 5
  else {
    end = integerEnd(group)
    group = integerStart(group)
  }
  if (end === 0 || end - group > longestGroup) return badGroup
  const id = groupId(group, end)
  store<u32>(groupCell(row), id)
  if (id === 0) addUnknownGroup(row, group, end)
  return counted
}

/** The quote that closes the string whose content begins at `p`; 0 where it is none. */
function spelledEnd(p: usize): usize {
  const end = stringEnd(p)
  return end === 0 ? 0 : end - 1
}

/** Whether no LF stands in `[p, end)`, where a verdict on the line from `p` on is one on all of it. */
export function isOneLine(p: usize, end: usize): bool {
  return findLineFeed(p) >= end
}
