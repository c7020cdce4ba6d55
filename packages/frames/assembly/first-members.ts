import { equalTo, lineFeed, parities } from './bytes'
import { memberValue } from './fields'
import {
  beginMembers,
  closersOfNames,
  followMembers,
  followsBrackets,
  missing as missingPaths,
} from './members'
import { isName, nameLength, nameMask, nameWord, recordSize } from './names'

const oddBits: u64 = ((<u64>0xaaaaaaaa) << 32) | 0xaaaaaaaa

const lastBit: u64 = (<u64>1) << 63

// Generic functions are compiled for each of their types, which stand for a constant here.
type Flat = u32
type Tree = i32

/**
 * Finds the first member of each path (as scanValue does the last) in the object that begins with `{` at `start`, and
 * looks at nothing behind the last of them: only strings and depth are followed, no grammar. Ends when all are found,
 * or with the object or the line.
 *
 * @param wanted a bit for each path, see scanValue for the others
 */
export function findFirstMembers(start: usize, tree: usize, flat: usize, found: usize, wanted: u32): void {
  // To see names with escapes takes an eighth more time: a second look for them is for lines that need one.
  if (flat !== 0 && find<Flat>(start, flat, found, wanted)) return
  find<Tree>(start, tree, found, wanted)
}

/** @returns whether all are found */
function find<Names>(start: usize, names: usize, found: usize, wanted: u32): bool {
  const isTree = isSigned<Names>()
  const shift0 = <u64>(nameLength(names) - 1)
  const shift1 = <u64>(nameLength(names + recordSize) - 1)
  const shift2 = <u64>(nameLength(names + 2 * recordSize) - 1)
  store<u32>(found, 0)
  store<u32>(found, 0, 4)
  store<u32>(found, 0, 8)
  if (isTree) beginMembers(start, names, true, wanted)
  let missing = popcnt(wanted)
  let depth = 0
  let escapeCarry: u64 = 0
  let stringCarry: u64 = 0
  let openingBefore: u64 = 0
  // 1: a string without an escape goes on from the block before.
  let plainCarry: u64 = 0
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
    const opens = outside & equalTo(e, f, g, h, 0x7b)
    const closes = outside & equalTo(e, f, g, h, 0x7d)
    if (isTree) {
      // Adding its opening quote carries through a string to its closing one, unless an escape is in between.
      const unescaped = inString & ~escaped
      const plainSum = unescaped + (opening | plainCarry)
      plainCarry = stringCarry & <u64>(plainSum < unescaped)
      let spelled = closing & valid & ~plainSum
      if (spelled !== 0) spelled &= (equalTo(a, b, c, d, 0x3a) >> 1) | lastBit
      const candidates = (closing & valid & closersOfNames(opening, openingBefore)) | spelled
      if (candidates !== 0 || followsBrackets(p)) {
        followMembers(p, opens & valid, closes & valid, candidates, spelled, opening, depth)
        if (missingPaths === 0) return true
      }
    } else {
      // A closing quote whose opening one is as far away as a name is long; shifts are 1 to 63.
      let candidates =
        closing &
        valid &
        ((opening << shift0) |
          (openingBefore >> (64 - shift0)) |
          (opening << shift1) |
          (openingBefore >> (64 - shift1)) |
          (opening << shift2) |
          (openingBefore >> (64 - shift2)))
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
