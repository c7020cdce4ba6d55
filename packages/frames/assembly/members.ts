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
/** Distinct distances of closing quotes from opening ones, as bytes; 64 and more stand for any. */
let distances: usize = 0
let distanceCount: u32 = 0
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

/** @param lengthsAt the distinct lengths of all wanted names, in one quote */
export function setMembers(foundAt: usize, lengthsAt: usize, count: u32): void {
  found = foundAt
  distances = lengthsAt
  distanceCount = count
}

/** How far behind its opening quote the closing one of a wanted name is: the i-th such distance, or the last. */
export function nameDistance(i: u32): u64 {
  return <u64>load<u8>(distances + <usize>min(i, distanceCount - 1))
}

/** Whether there are more than three distances. */
export function hasFurtherLengths(): bool {
  return distanceCount > 3
}

/** The closing quotes whose opening ones are as far away as in a wanted name by the distances behind the third. */
export function closersOfFurtherNames(opening: u64, openingBefore: u64): u64 {
  let closers: u64 = 0
  for (let i: u32 = 3; i < distanceCount; i++) {
    const distance = nameDistance(i)
    if (distance > 63) return ~(<u64>0)
    closers |= (opening << distance) | (openingBefore >> (64 - distance))
  }
  return closers
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

/**
 * Follows the brackets and names of the block at `p`, in their order.
 *
 * @param names closing quotes that may be those of wanted names; of them `escaped` close strings with escapes
 * @param depth how many brackets are open before the block
 * @param done bits that were looked at, all others are behind them
 */
export function followMembers(
  p: usize,
  opens: u64,
  closes: u64,
  names: u64,
  escaped: u64,
  opening: u64,
  depth: i32,
  done: u64,
): void {
  depth += <i32>popcnt(opens & done) - <i32>popcnt(closes & done)
  let events = (opens | closes | names) & ~done
  while (events !== 0) {
    const bit = events & (0 - events)
    if ((names & bit) !== 0) {
      if (depth === level) {
        takeName(p, bit, escaped, opening)
        if (takesFirst && missing === 0) return
      }
    } else if ((opens & bit) !== 0) {
      depth++
      if (p + <usize>ctz(events) === innerValue) {
        set = innerNames
        level = depth
      }
    } else if (depth-- === level && level > 1) {
      set = outerSet(set)
      level--
    }
    events &= events - 1
  }
}

/**
 * Takes the member whose name the quote `bit` of the block at `p` closes, if it is one of the set.
 *
 * @returns whether it leads on
 */
export function takeName(p: usize, bit: u64, escaped: u64, opening: u64): bool {
  const close = p + <usize>ctz(bit)
  if ((escaped & bit) !== 0) {
    const open = openingQuote(p, opening, bit, start)
    if (open === 0) return false
    for (let record = set; record < set + 3 * recordSize; record += recordSize) {
      if (spellsName(open, close, record)) return takeMember(close, record)
    }
    return false
  }
  const last = load<u64>(close - 7)
  for (let record = set; record < set + 3 * recordSize; record += recordSize) {
    if ((last & nameMask(record)) === nameWord(record) && isName(close, record))
      return takeMember(close, record)
  }
  return false
}

function takeMember(close: usize, record: usize): bool {
  const inner = innerPaths(record)
  let ending = endingPaths(record)
  if (takesFirst) {
    if (memberValue(close) === 0) return false
    ending &= missing
    missing &= ~ending
  }
  // Of a repeated name the members of the earlier object count no more.
  else if (inner !== 0) {
    if ((inner & 1) !== 0) store<u32>(found, 0)
    if ((inner & 2) !== 0) store<u32>(found, 0, 4)
    if ((inner & 4) !== 0) store<u32>(found, 0, 8)
  }
  if ((ending & 1) !== 0) store<u32>(found, <u32>close)
  if ((ending & 2) !== 0) store<u32>(found, <u32>close, 4)
  if ((ending & 4) !== 0) store<u32>(found, <u32>close, 8)
  if (inner === 0) return false
  innerValue = memberValue(close)
  innerNames = innerSet(record)
  return true
}
