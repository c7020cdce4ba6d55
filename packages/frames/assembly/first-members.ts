import { equalTo, lineFeed, parities } from './bytes'
import { memberValue } from './fields'
import {
  beginMembers,
  closersOfFurtherNames,
  followMembers,
  followsBrackets,
  hasFurtherLengths,
  missing as missingPaths,
  nameDistance,
  takeName,
} from './members'
import { isName, nameLength, nameMask, nameWord, recordSize } from './names'

const oddBits: u64 = ((<u64>0xaaaaaaaa) << 32) | 0xaaaaaaaa

const lastBit: u64 = (<u64>1) << 63

// Generic functions are compiled for each of their types, which stand for a constant here.
type Flat = u32
type Tree = i32

/** A name had an escape, or may have had one. */
let metSpelledName = false

/**
 * Finds the first member of each path (as scanValue does the last) in the object that begins with `{` at `start`, and
 * looks at nothing behind the last of them: only strings and depth are followed, no grammar. Ends when all are found,
 * or with the object or the line.
 *
 * @param wanted a bit for each path, see scanValue for the others
 */
export function findFirstMembers(start: usize, tree: usize, flat: usize, found: usize, wanted: u32): void {
  // To follow names with escapes costs more: a second look for them is for lines that have some, and need one.
  if (flat !== 0 && (find<Flat>(start, flat, found, wanted) || !metSpelledName)) return
  find<Tree>(start, tree, found, wanted)
}

/** @returns whether all are found */
function find<Names>(start: usize, names: usize, found: usize, wanted: u32): bool {
  const isTree = isSigned<Names>()
  const shift0 = isTree ? nameDistance(0) : <u64>(nameLength(names) - 1)
  const shift1 = isTree ? nameDistance(1) : <u64>(nameLength(names + recordSize) - 1)
  const shift2 = isTree ? nameDistance(2) : <u64>(nameLength(names + 2 * recordSize) - 1)
  const anyLength: u64 = isTree && (shift0 | shift1 | shift2) > 63 ? ~(<u64>0) : 0
  const hasMore = isTree ? hasFurtherLengths() : false
  store<u32>(found, 0)
  store<u32>(found, 0, 4)
  store<u32>(found, 0, 8)
  if (isTree) beginMembers(start, names, true, wanted)
  let missing = popcnt(wanted)
  // Only a group is often missing: then it is worth to know whether a second look might find it.
  const isWatched = isTree || (wanted & 4) !== 0
  metSpelledName = !isWatched
  let depth = 0
  let escapeCarry: u64 = 0
  let stringCarry: u64 = 0
  let openingBefore: u64 = 0
  // A string goes on from the block before, with an escape in it.
  let isSpelled = false
  let p = start
  while (true) {
    const a = v128.load(p)
    const b = v128.load(p, 16)
    const c = v128.load(p, 32)
    const d = v128.load(p, 48)
    const slash = equalTo(a, b, c, d, 0x5c)
    const potential = slash & ~escapeCarry
    const codes = (((potential << 1) | oddBits) - potential) ^ oddBits
    const escaped = codes ^ (slash | escapeCarry)
    escapeCarry = (codes & slash) >> 63
    const quotes = equalTo(a, b, c, d, 0x22) & ~escaped
    const inString = parities(quotes) ^ stringCarry
    const goesOn = stringCarry & 1
    stringCarry = <u64>(<i64>inString >> 63)
    const outside = ~inString
    const opening = quotes & inString
    const closing = quotes & outside

    let valid: u64 = ~(<u64>0)
    const least = i8x16.min_u(i8x16.min_u(a, b), i8x16.min_u(c, d))
    if (v128.any_true(i8x16.sub_sat_u(i8x16.splat(0x20), least))) {
      const feeds = equalTo(a, b, c, d, <u8>lineFeed)
      valid = (feeds & (0 - feeds)) - 1
    }
    // The brackets of both kinds differ in this bit.
    const kindBit = i8x16.splat(0x20)
    const e = v128.or(a, kindBit)
    const f = v128.or(b, kindBit)
    const g = v128.or(c, kindBit)
    const h = v128.or(d, kindBit)
    let opens = outside & equalTo(e, f, g, h, 0x7b)
    let closes = outside & equalTo(e, f, g, h, 0x7d)
    // The closing quotes of names with escapes.
    let spelled: u64 = 0
    if (isWatched && (escaped !== 0 || isSpelled)) {
      // Adding its first bit carries through a string up to its closing quote, unless there is an escape on the way.
      const unescaped = inString & ~escaped
      const sum = unescaped + (opening | (isSpelled ? 0 : goesOn))
      isSpelled = stringCarry !== 0 && sum >= unescaped
      spelled = closing & valid & ~sum
      if (spelled !== 0) spelled &= (equalTo(a, b, c, d, 0x3a) >> 1) | lastBit
      if (spelled !== 0) metSpelledName = true
    }
    // The closing quotes whose opening ones are as far away as in a wanted name.
    let closers =
      (opening << shift0) |
      (openingBefore >> (64 - shift0)) |
      (opening << shift1) |
      (openingBefore >> (64 - shift1)) |
      (opening << shift2) |
      (openingBefore >> (64 - shift2))
    if (isTree) {
      if (hasMore) closers |= closersOfFurtherNames(opening, openingBefore)
      const candidates = (closing & valid & (closers | anyLength)) | spelled
      opens &= valid
      closes &= valid
      if (followsBrackets(p)) followMembers(p, opens, closes, candidates, spelled, opening, depth, 0)
      else {
        // Within the root only its names matter, until one leads on.
        for (let rest = candidates; rest !== 0; rest &= rest - 1) {
          const before = (rest & (0 - rest)) - 1
          if (depth + <i32>popcnt(opens & before) - <i32>popcnt(closes & before) !== 1) continue
          if (!takeName(p, before + 1, spelled, opening)) continue
          followMembers(p, opens, closes, candidates, spelled, opening, depth, rest ^ (rest - 1))
          break
        }
      }
      if (missingPaths === 0) return true
    } else {
      let candidates = closing & valid & closers
      for (; candidates !== 0; candidates &= candidates - 1) {
        const bit = candidates & (0 - candidates)
        const close = p + <usize>ctz(candidates)
        if (depth + <i32>popcnt(opens & (bit - 1)) - <i32>popcnt(closes & (bit - 1)) !== 1) continue
        const last = load<u64>(close - 7)
        let named = false
        for (let i: u32 = 0; i < 3; i++) {
          const record = names + <usize>i * recordSize
          const slot = found + <usize>i * 4
          if ((last & nameMask(record)) !== nameWord(record) || load<u32>(slot) !== 0) continue
          if (!isName(close, record) || memberValue(close) === 0) continue
          store<u32>(slot, <u32>close)
          missing--
          named = true
        }
        if (named && missing === 0) return true
      }
    }
    if (valid !== ~(<u64>0)) return false
    depth += <i32>popcnt(opens) - <i32>popcnt(closes)
    if (depth <= 0) return false
    openingBefore = opening
    p += 64
  }
}
