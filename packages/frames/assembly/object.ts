import { atomEnd } from './atoms'
import { bits, equalTo, isBehindOpener, isBlank, lineBlanks, parities } from './bytes'
import { areUnicodeEscapes, shortEscapes } from './escapes'
import {
  beginMembers,
  closersOfFurtherNames,
  followMembers,
  followsBrackets,
  hasFurtherLengths,
  nameDistance,
  takeName,
} from './members'
import { isName, nameLength, nameMask, nameWord, recordSize } from './names'

const oddBits: u64 = ((<u64>0xaaaaaaaa) << 32) | 0xaaaaaaaa

/** More brackets than this are not followed. */
const levels = 64

// Of the scan that ended last.
/** Brackets were open beyond the 64 levels of which it knows the kinds, so it may err. */
export let isTooDeep = false
/** A name had an escape; names that are flat it refuses then. */
export let metEscapedName = false
/** There were blanks between tokens. */
export let hadBlank = false

/**
 * Scans as `scanValue` tells, 64 bytes at a time.
 *
 * Bit i of a mask is byte i of the block; what a block leaves to the next is its carries. Every check is a mask of
 * the places that break a rule. LF is no blank here, so nothing beyond the line's end is ever accepted.
 *
 * A loop looks at the engine's stack limit before each pass, the first one too (V8 of Node 20): an `if` keeps most
 * blocks out of it.
 *
 * @param Text signed where blanks may stand between tokens
 * @param Names signed where the names are a tree of sets, and may have escapes
 */
export function scanBlocks<Text, Names>(start: usize, names: usize, found: usize): usize {
  // In compact text a blank is a byte like any other.
  const blanks = isSigned<Text>()
  const isTree = isSigned<Names>()
  const word0 = nameWord(names)
  const mask0 = nameMask(names)
  const word1 = nameWord(names + recordSize)
  const mask1 = nameMask(names + recordSize)
  const word2 = nameWord(names + 2 * recordSize)
  const mask2 = nameMask(names + 2 * recordSize)
  // How far behind its opening quote a name's closing one is; names longer than a block are looked at without that.
  const length0 = isTree ? nameDistance(0) : <u64>(nameLength(names) - 1)
  const length1 = isTree ? nameDistance(1) : <u64>(nameLength(names + recordSize) - 1)
  const length2 = isTree ? nameDistance(2) : <u64>(nameLength(names + 2 * recordSize) - 1)
  const anyLength: u64 = (length0 | length1 | length2) > 63 ? ~(<u64>0) : 0
  store<u32>(found, 0)
  store<u32>(found, 0, 4)
  store<u32>(found, 0, 8)
  isTooDeep = false
  metEscapedName = false
  if (isTree) beginMembers(start, names, false, 0)
  const hasMore = isTree ? hasFurtherLengths() : false

  // The kinds of the open brackets, innermost in bit 0: 1 for an object. Beyond 64 levels the outermost one's bit
  // falls out.
  let kinds: u64 = 0
  let depth = 0
  let escapeCarry: u64 = 0
  let stringCarry: u64 = 0
  let atomCarry: u64 = 0
  let colonCarry: u64 = 0
  let nameCarry: u64 = 0
  let openingBefore: u64 = 0
  let anyBlank: u64 = 0
  // A string goes on from the block before, with an escape in it.
  let isSpelled = false
  // The object itself stands where a value may, as behind an opener.
  let starterCarry: u64 = 1

  let p = start
  while (true) {
    const a = v128.load(p)
    const b = v128.load(p, 16)
    const c = v128.load(p, 32)
    const d = v128.load(p, 48)

    // Which bytes are escaped: runs of backslashes of odd length, by carries through the odd bits
    // (Langdale and Lemire, Parsing gigabytes of JSON per second, 2019; as reworked in simdjson 3).
    const slash = equalTo(a, b, c, d, 0x5c)
    const potential = slash & ~escapeCarry
    const codes = (((potential << 1) | oddBits) - potential) ^ oddBits
    const escaped = codes ^ (slash | escapeCarry)
    escapeCarry = (codes & slash) >> 63

    // Strings: from each opening quote up to the byte before the closing one.
    const allQuotes = equalTo(a, b, c, d, 0x22)
    const quotes = allQuotes & ~escaped
    const inString = parities(quotes) ^ stringCarry
    const goesOn = stringCarry & 1
    stringCarry = <u64>(<i64>inString >> 63)
    const outside = ~inString
    const opening = quotes & inString
    const closing = quotes ^ opening

    let blank: u64 = blanks ? outside & equalTo(a, b, c, d, 0x20) : 0
    let errors: u64 = 0
    const least = i8x16.min_u(i8x16.min_u(a, b), i8x16.min_u(c, d))
    if (v128.any_true(i8x16.sub_sat_u(i8x16.splat(0x20), least))) {
      const greatest = i8x16.splat(0x1f)
      const controls = bits(
        i8x16.le_u(a, greatest),
        i8x16.le_u(b, greatest),
        i8x16.le_u(c, greatest),
        i8x16.le_u(d, greatest),
      )
      errors = inString & controls
      if (blanks) blank |= lineBlanks(p, outside & controls)
    }
    const commas = outside & equalTo(a, b, c, d, 0x2c)
    const colons = outside & equalTo(a, b, c, d, 0x3a)
    // One comparison for the four brackets; it takes in Y, y, _ and DEL, which the walk below refuses.
    const bracketBits = i8x16.splat(0x26)
    const brackets =
      outside &
      equalTo(
        v128.or(a, bracketBits),
        v128.or(b, bracketBits),
        v128.or(c, bracketBits),
        v128.or(d, bracketBits),
        0x7f,
      )
    // All of these are parts of `outside`, so that what is left of it is their difference.
    const other = outside ^ (closing | brackets | commas | colons | blank)
    const atoms = other & ~((other << 1) | atomCarry)
    atomCarry = other >> 63

    // The brackets one by one: only they change depth and kind. A bracket's own bit is of the outer level.
    const depthBefore = depth
    let inObject: u64 = 0 - (kinds & 1)
    let atRoot: u64 = depth === 1 ? ~(<u64>0) : 0
    let opens: u64 = 0
    let closes: u64 = 0
    let valid: u64 = ~(<u64>0)
    let end: usize = 0
    let rest = brackets
    if (rest !== 0) {
      // Looked at once a block, as if all of these opened.
      if (depth + <i32>popcnt(brackets) > levels) isTooDeep = true
      do {
        const at = ctz(rest)
        const bit = rest & (0 - rest)
        const byte = <u32>load<u8>(p + <usize>at)
        const kind = <u64>((byte >> 5) & 1)
        if ((byte & 0xdf) === 0x5b) {
          kinds = (kinds << 1) | kind
          depth++
          opens |= bit
        } else {
          if ((byte & 0xdf) !== 0x5d || (kinds & 1) !== kind) return 0
          kinds >>= 1
          depth--
          closes |= bit
          if (depth === 0) {
            if (isTooDeep) return 0
            valid = bit | (bit - 1)
            end = p + <usize>at + 1
            break
          }
        }
        const above = ~(bit | (bit - 1))
        inObject ^= (inObject ^ (0 - (kinds & 1))) & above
        atRoot = (atRoot & ~above) | (depth === 1 ? above : 0)
        rest &= rest - 1
      } while (rest !== 0)
    }

    // The first byte that is not blank after each comma or opener, and after each colon. Adding the blanks carries
    // over a run of them: its bits become 0 and the one behind it 1.
    const starters = commas | opens
    const starterSum = ((starters << 1) | starterCarry) + blank
    const starterFill = starterSum | blank
    const afterStarter = starterFill ^ blank
    starterCarry = (starters | (starterFill ^ starterSum)) >> 63
    const colonSum = ((colons << 1) | colonCarry) + blank
    const colonFill = colonSum | blank
    const afterColon = colonFill ^ blank
    colonCarry = (colons | (colonFill ^ colonSum)) >> 63

    // Values begin there and nowhere else, in an object only names after openers and commas. Closers are judged below.
    const after = afterStarter | afterColon
    const namePlaces = afterStarter & inObject
    const nameStarts = namePlaces & opening
    errors |= (((opening | opens | atoms) ^ after) | (namePlaces ^ nameStarts)) & ~closes

    // Adding its first bit carries through a name and the blanks behind it: what follows is a colon, and colons stand
    // nowhere else.
    const texts = inString | closing | blank
    const nameSum = texts + (nameStarts | nameCarry)
    const nameFill = nameSum | texts
    const nameBytes = nameFill ^ nameSum
    nameCarry = nameBytes >> 63
    errors |= nameFill ^ texts ^ colons
    const escapesInNames = escaped & nameBytes
    if (!isTree) errors |= escapesInNames
    if ((errors & valid) !== 0) {
      if ((escapesInNames & valid) !== 0) metEscapedName = true
      return 0
    }

    // Where a value may begin a closer stands only right after its opener; that it mostly does is seen at once.
    let apart = closes & after & ~(opens << 1)
    if (apart !== 0) {
      do {
        if (!isBehindOpener(p + <usize>ctz(apart))) return 0
        apart &= apart - 1
      } while (apart !== 0)
    }
    const special =
      escaped &
      valid &
      ~(allQuotes | slash | bits(shortEscapes(a), shortEscapes(b), shortEscapes(c), shortEscapes(d)))
    if (special !== 0 && !areUnicodeEscapes(p, a, b, c, d, special)) return 0
    let starts = atoms & valid
    if (starts !== 0) {
      const zeroSplat = i8x16.splat(0x30)
      const nineSplat = i8x16.splat(9)
      const digits = bits(
        i8x16.le_u(i8x16.sub(a, zeroSplat), nineSplat),
        i8x16.le_u(i8x16.sub(b, zeroSplat), nineSplat),
        i8x16.le_u(i8x16.sub(c, zeroSplat), nineSplat),
        i8x16.le_u(i8x16.sub(d, zeroSplat), nineSplat),
      )
      do {
        const at = ctz(starts)
        const length = ctz(~(other >> at))
        const digitsLength = ctz(~(digits >> at))
        const word = load<u32>(p + <usize>at)
        // One branch, which is mostly taken alike, for the plain ones of all kinds: digits without a leading zero,
        // true and null, false, as long as they should be.
        const isPlain =
          (<u32>(digitsLength === length) & (<u32>(length === 1) | <u32>((word & 0xff) !== 0x30))) |
          (<u32>(length === 4) & (<u32>(word === 0x65757274) | <u32>(word === 0x6c6c756e))) |
          (<u32>(length === 5) & <u32>(word === 0x736c6166) & <u32>(load<u8>(p + <usize>at, 4) === 0x65))
        // What reaches the end of the block may go on in the next.
        if ((isPlain & <u32>(at + length < 64)) === 0) {
          const delimiter = atomEnd(p + <usize>at)
          if (delimiter === 0 || (!blanks && isBlank(<u32>load<u8>(delimiter)))) return 0
        }
        starts &= starts - 1
      } while (starts !== 0)
    }
    let rightLength =
      anyLength |
      (opening << length0) |
      (openingBefore >> (64 - length0)) |
      (opening << length1) |
      (openingBefore >> (64 - length1)) |
      (opening << length2) |
      (openingBefore >> (64 - length2))
    if (isTree) {
      if (hasMore) rightLength |= closersOfFurtherNames(opening, openingBefore)
      let spelled: u64 = 0
      if ((escapesInNames & valid) !== 0 || isSpelled) {
        metEscapedName = true
        // Adding its first bit carries through a string up to its closing quote, unless there is an escape on the way.
        const unescaped = inString & ~escaped
        const sum = unescaped + (opening | (isSpelled ? 0 : goesOn))
        spelled = closing & ~sum
        isSpelled = stringCarry !== 0 && sum >= unescaped
      }
      const candidates = closing & nameBytes & valid & (rightLength | spelled)
      if (followsBrackets(p)) followMembers(p, opens, closes, candidates, spelled, opening, depthBefore, 0)
      else {
        // Within the root only its names matter, until one leads on.
        let rest = candidates & atRoot
        if (rest !== 0) {
          do {
            const close = p + <usize>ctz(rest)
            const last = load<u64>(close - 7)
            const mayBe =
              <u32>((last & mask0) === word0) |
              <u32>((last & mask1) === word1) |
              <u32>((last & mask2) === word2) |
              <u32>((spelled >> ctz(rest)) & 1)
            if (mayBe !== 0 && takeName(p, rest & (0 - rest), spelled, opening)) {
              followMembers(p, opens, closes, candidates, spelled, opening, depthBefore, rest ^ (rest - 1))
              break
            }
            rest &= rest - 1
          } while (rest !== 0)
        }
      }
    } else {
      let candidates = closing & nameBytes & atRoot & valid & rightLength
      if (candidates !== 0) {
        do {
          const close = p + <usize>ctz(candidates)
          const last = load<u64>(close - 7)
          if ((last & mask0) === word0 && isName(close, names)) store<u32>(found, <u32>close)
          if ((last & mask1) === word1 && isName(close, names + recordSize)) store<u32>(found, <u32>close, 4)
          if ((last & mask2) === word2 && isName(close, names + 2 * recordSize))
            store<u32>(found, <u32>close, 8)
          candidates &= candidates - 1
        } while (candidates !== 0)
      }
    }
    openingBefore = opening
    if (blanks) anyBlank |= blank & valid
    if (end !== 0) {
      if (blanks) hadBlank = anyBlank !== 0
      return end
    }
    p += 64
  }
}
