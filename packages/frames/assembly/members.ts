import { memberValue } from './fields'
import {
  endingPaths,
  innerPaths,
  innerSet,
  isName,
  nameMask,
  nameWord,
  openingQuote,
  outerSet,
  recordSize,
  spellsName,
} from './names'

// Finds the wanted members of nested paths in one pass: the wanted names of all objects on the way to them form a tree
// of sets, and the scan is always within one object of it, whose set is `set`, or somewhere below.

let found: usize = 0
/** Distinct lengths of names less one quote, as bytes; 64 and more stand for any. The first four are also at hand. */
let lengths: usize = 0
let lengthCount: u32 = 0
let length0: u64 = 0
let length1: u64 = 0
let length2: u64 = 0
let length3: u64 = 0
let isAnyLength = false
let takesFirst = false
let set: usize = 0
/** How many objects are open in the one that the set belongs to, itself included. */
let level = 0
/** The value of a name that leads on, and its set. */
let innerValue: usize = 0
let innerNames: usize = 0
let start: usize = 0
/** Paths whose member was not found yet, where the first is taken. */
export let missing: u32 = 0

/** @param lengthsAt the distinct lengths of all wanted names */
export function setMembers(foundAt: usize, lengthsAt: usize, count: u32): void {
  found = foundAt
  lengths = lengthsAt
  lengthCount = count
  isAnyLength = false
  for (let i: u32 = 0; i < count; i++) if (lengthOf(i) > 63) isAnyLength = true
  length0 = lengthOf(0)
  length1 = lengthOf(min(1, count - 1))
  length2 = lengthOf(min(2, count - 1))
  length3 = lengthOf(min(3, count - 1))
}

function lengthOf(i: u32): u64 {
  return <u64>load<u8>(lengths + <usize>i)
}

/** Before the first block of an object that begins at `objectStart`. @param wanted paths, where the first members are taken */
export function beginMembers(objectStart: usize, root: usize, isFirst: bool, wanted: u32): void {
  start = objectStart
  set = root
  level = 1
  innerValue = 0
  takesFirst = isFirst
  missing = wanted
}

/** Whether brackets matter in the block at `p` also without a name: within another object than the root, or before one. */
export function followsBrackets(p: usize): bool {
  return level > 1 || innerValue >= p
}

/** The closing quotes whose opening ones are as far away as in any wanted name. */
export function closersOfNames(opening: u64, openingBefore: u64): u64 {
  if (isAnyLength) return ~(<u64>0)
  let closers =
    (opening << length0) |
    (openingBefore >> (64 - length0)) |
    (opening << length1) |
    (openingBefore >> (64 - length1)) |
    (opening << length2) |
    (openingBefore >> (64 - length2)) |
    (opening << length3) |
    (openingBefore >> (64 - length3))
  for (let i: u32 = 4; i < lengthCount; i++) {
    closers |= (opening << lengthOf(i)) | (openingBefore >> (64 - lengthOf(i)))
  }
  return closers
}

/**
 * Follows the brackets and names of the block at `p`, in their order.
 *
 * @param names closing quotes that may be those of wanted names; of them `escaped` close strings with escapes
 * @param depth how many brackets are open before the block
 */
export function followMembers(
  p: usize,
  opens: u64,
  closes: u64,
  names: u64,
  escaped: u64,
  opening: u64,
  depth: i32,
): void {
  let events = opens | closes | names
  while (events !== 0) {
    const bit = events & (0 - events)
    const at = p + <usize>ctz(events)
    if ((opens & bit) !== 0) {
      depth++
      if (at === innerValue) {
        set = innerNames
        level = depth
      }
    } else if ((closes & bit) !== 0) {
      if (depth === level) {
        set = outerSet(set)
        level--
      }
      depth--
    } else if (depth === level) {
      takeName(at, (escaped & bit) === 0 ? <usize>0 : openingQuote(p, opening, bit, start))
      if (takesFirst && missing === 0) return
    }
    events &= events - 1
  }
}

/** @param open the opening quote of a name with escapes, 0 for one without */
function takeName(close: usize, open: usize): void {
  if (open === 0) {
    const last = load<u64>(close - 7)
    const isFirst = (last & nameMask(set)) === nameWord(set)
    const isSecond = (last & nameMask(set + recordSize)) === nameWord(set + recordSize)
    const isThird = (last & nameMask(set + 2 * recordSize)) === nameWord(set + 2 * recordSize)
    if (!(isFirst || isSecond || isThird)) return
    const record = isFirst ? set : isSecond ? set + recordSize : set + 2 * recordSize
    if (isName(close, record)) takeMember(close, record)
    else if (isFirst && isSecond && isName(close, set + recordSize)) takeMember(close, set + recordSize)
    else if (isThird && isName(close, set + 2 * recordSize)) takeMember(close, set + 2 * recordSize)
    return
  }
  for (let record = set; record < set + 3 * recordSize; record += recordSize) {
    if (spellsName(open, close, record)) takeMember(close, record)
  }
}

function takeMember(close: usize, record: usize): void {
  const inner = innerPaths(record)
  let ending = endingPaths(record)
  if (takesFirst) {
    if (memberValue(close) === 0) return
    ending &= missing
    missing &= ~ending
  }
  // Of a repeated name the members of the earlier object count no more.
  else {
    if ((inner & 1) !== 0) store<u32>(found, 0)
    if ((inner & 2) !== 0) store<u32>(found, 0, 4)
    if ((inner & 4) !== 0) store<u32>(found, 0, 8)
  }
  if ((ending & 1) !== 0) store<u32>(found, <u32>close)
  if ((ending & 2) !== 0) store<u32>(found, <u32>close, 4)
  if ((ending & 4) !== 0) store<u32>(found, <u32>close, 8)
  if (inner !== 0) {
    innerValue = memberValue(close)
    innerNames = innerSet(record)
  }
}
