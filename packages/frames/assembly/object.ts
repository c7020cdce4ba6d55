import { isAtom } from './atoms'
import { bits } from './bytes'
import { isUnicodeEscape, shortEscapes } from './escapes'
import { isName, nameLength, nameMask, nameWord, recordSize } from './names'

const oddBits: u64 = ((<u64>0xaaaaaaaa) << 32) | 0xaaaaaaaa

/**
 * Checks the whole object that begins with `{` at `start` against the JSON grammar, 64 bytes at a time, and finds
 * the last member of each wanted name: `found[i]` becomes the address of the name's closing quote, or 0.
 *
 * Bit i of a mask is byte i of the block; what a block leaves to the next is its carries. Every check is a mask of
 * the places that break a rule. LF is no blank here, so nothing beyond the line's end is ever accepted.
 *
 * @returns the address behind the object; 0 where it is no JSON, or not surely so: an escape within a name,
 *   more than 64 levels
 */
export function scanObject(start: usize, names: usize, found: usize): usize {
  const word0 = nameWord(names)
  const mask0 = nameMask(names)
  const word1 = nameWord(names + recordSize)
  const mask1 = nameMask(names + recordSize)
  const word2 = nameWord(names + 2 * recordSize)
  const mask2 = nameMask(names + 2 * recordSize)
  // How far behind its opening quote a name's closing one is; names longer than a block are looked at without that.
  const length0 = <u64>(nameLength(names) - 1)
  const length1 = <u64>(nameLength(names + recordSize) - 1)
  const length2 = <u64>(nameLength(names + 2 * recordSize) - 1)
  const anyLength: u64 = (length0 | length1 | length2) > 63 ? ~(<u64>0) : 0
  store<u32>(found, 0)
  store<u32>(found, 0, 4)
  store<u32>(found, 0, 8)

  // The kinds of the open brackets, innermost in bit 0: 1 for an object. Beyond 64 levels the outermost object's bit
  // falls out, and its closing brace is then refused.
  let kinds: u64 = 0
  let depth = 0
  let escapeCarry: u64 = 0
  let stringCarry: u64 = 0
  let atomCarry: u64 = 0
  let commaCarry: u64 = 0
  let colonCarry: u64 = 0
  let nameCarry: u64 = 0
  let runCarry: u64 = 0
  let openingBefore: u64 = 0
  // The object itself stands where a value may.
  let openCarry: u64 = 1

  let p = start
  while (true) {
    const a = v128.load(p)
    const b = v128.load(p, 16)
    const c = v128.load(p, 32)
    const d = v128.load(p, 48)

    // Which bytes are escaped: runs of backslashes of odd length, by carries through the odd bits
    // (Langdale and Lemire, Parsing gigabytes of JSON per second, 2019; as reworked in simdjson 3).
    const backslashSplat = i8x16.splat(0x5c)
    const slash = bits(
      i8x16.eq(a, backslashSplat),
      i8x16.eq(b, backslashSplat),
      i8x16.eq(c, backslashSplat),
      i8x16.eq(d, backslashSplat),
    )
    const potential = slash & ~escapeCarry
    const codes = (((potential << 1) | oddBits) - potential) ^ oddBits
    const escaped = codes ^ (slash | escapeCarry)
    escapeCarry = (codes & slash) >> 63

    // Strings: from each opening quote up to the byte before the closing one.
    const quoteSplat = i8x16.splat(0x22)
    const quotes =
      bits(
        i8x16.eq(a, quoteSplat),
        i8x16.eq(b, quoteSplat),
        i8x16.eq(c, quoteSplat),
        i8x16.eq(d, quoteSplat),
      ) & ~escaped
    let inString = quotes ^ (quotes << 1)
    inString ^= inString << 2
    inString ^= inString << 4
    inString ^= inString << 8
    inString ^= inString << 16
    inString ^= inString << 32
    inString ^= stringCarry
    stringCarry = <u64>(<i64>inString >> 63)
    const outside = ~inString
    const opening = quotes & inString
    const closing = quotes & outside

    const spaceSplat = i8x16.splat(0x20)
    let blank = bits(
      i8x16.eq(a, spaceSplat),
      i8x16.eq(b, spaceSplat),
      i8x16.eq(c, spaceSplat),
      i8x16.eq(d, spaceSplat),
    )
    let errors: u64 = 0
    const least = i8x16.min_u(i8x16.min_u(a, b), i8x16.min_u(c, d))
    if (v128.any_true(i8x16.sub_sat_u(i8x16.splat(0x20), least))) {
      errors =
        inString &
        bits(
          i8x16.lt_u(a, spaceSplat),
          i8x16.lt_u(b, spaceSplat),
          i8x16.lt_u(c, spaceSplat),
          i8x16.lt_u(d, spaceSplat),
        )
      const tabSplat = i8x16.splat(0x09)
      const returnSplat = i8x16.splat(0x0d)
      blank |= bits(
        v128.or(i8x16.eq(a, tabSplat), i8x16.eq(a, returnSplat)),
        v128.or(i8x16.eq(b, tabSplat), i8x16.eq(b, returnSplat)),
        v128.or(i8x16.eq(c, tabSplat), i8x16.eq(c, returnSplat)),
        v128.or(i8x16.eq(d, tabSplat), i8x16.eq(d, returnSplat)),
      )
    }
    blank &= outside
    const commaSplat = i8x16.splat(0x2c)
    const commas =
      outside &
      bits(i8x16.eq(a, commaSplat), i8x16.eq(b, commaSplat), i8x16.eq(c, commaSplat), i8x16.eq(d, commaSplat))
    const colonSplat = i8x16.splat(0x3a)
    const colons =
      outside &
      bits(i8x16.eq(a, colonSplat), i8x16.eq(b, colonSplat), i8x16.eq(c, colonSplat), i8x16.eq(d, colonSplat))
    // One comparison for the four brackets; it takes in Y, y, _ and DEL, which the walk below refuses.
    const bracketBits = i8x16.splat(0x26)
    const bracketSplat = i8x16.splat(0x7f)
    const brackets =
      outside &
      bits(
        i8x16.eq(v128.or(a, bracketBits), bracketSplat),
        i8x16.eq(v128.or(b, bracketBits), bracketSplat),
        i8x16.eq(v128.or(c, bracketBits), bracketSplat),
        i8x16.eq(v128.or(d, bracketBits), bracketSplat),
      )
    const other = outside & ~(closing | brackets | commas | colons | blank)
    const atoms = other & ~((other << 1) | atomCarry)
    atomCarry = other >> 63

    // The brackets one by one: only they change depth and kind. A bracket's own bit is of the outer level.
    let inObject: u64 = 0 - (kinds & 1)
    let atRoot: u64 = depth === 1 ? ~(<u64>0) : 0
    let opens: u64 = 0
    let closes: u64 = 0
    let valid: u64 = ~(<u64>0)
    let end: usize = 0
    for (let rest = brackets; rest !== 0; rest &= rest - 1) {
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
          valid = bit | (bit - 1)
          end = p + <usize>at + 1
          break
        }
      }
      const above = ~(bit | (bit - 1))
      inObject ^= (inObject ^ (0 - (kinds & 1))) & above
      atRoot = (atRoot & ~above) | (depth === 1 ? above : 0)
    }

    // The first byte that is not blank after each comma, opener, colon: adding the blanks carries over a run of them.
    const commaSteps = (commas << 1) | commaCarry
    const commaSum = commaSteps + blank
    const afterComma = commaSum & ~blank
    commaCarry = (commas >> 63) | <u64>(commaSum < commaSteps)
    const openSteps = (opens << 1) | openCarry
    const openSum = openSteps + blank
    const afterOpen = openSum & ~blank
    openCarry = (opens >> 63) | <u64>(openSum < openSteps)
    const colonSteps = (colons << 1) | colonCarry
    const colonSum = colonSteps + blank
    const afterColon = colonSum & ~blank
    colonCarry = (colons >> 63) | <u64>(colonSum < colonSteps)

    // Values begin there and nowhere else, commas and colons never, closers only after an opener or a value.
    const after = afterComma | afterOpen | afterColon
    errors |= (opening | opens | atoms) & ~after
    errors |= (commas | colons) & after
    errors |= closes & (afterComma | afterColon)

    // In an object an opener or comma is followed by a name, and colons follow names and nothing else.
    const namePlaces = (afterComma | afterOpen) & inObject
    errors |= namePlaces & (opens | atoms)
    const nameStarts = namePlaces & opening
    // Adding its first bit carries through a name's run of string bits to its closing quote.
    const sum = inString + nameStarts
    const runs = sum + runCarry
    runCarry = <u64>(sum < nameStarts) | <u64>(runs < sum)
    const nameEnds = runs & closing
    const nameSteps = (nameEnds << 1) | nameCarry
    const nameSum = nameSteps + blank
    nameCarry = (nameEnds >> 63) | <u64>(nameSum < nameSteps)
    errors |= (nameSum & ~blank) ^ colons
    // A name with an escape might be a wanted one.
    errors |= escaped & inString & ~runs
    if ((errors & valid) !== 0) return 0

    if (escaped !== 0) {
      let special =
        escaped & valid & ~bits(shortEscapes(a), shortEscapes(b), shortEscapes(c), shortEscapes(d))
      for (; special !== 0; special &= special - 1) {
        if (!isUnicodeEscape(p + <usize>ctz(special))) return 0
      }
    }
    const starts = atoms & valid
    if (starts !== 0) {
      // Of atoms that are digits alone nothing is left to check but a leading zero: no loop, no branch to mispredict.
      const zeroSplat = i8x16.splat(0x30)
      const nineSplat = i8x16.splat(9)
      const digits =
        other &
        bits(
          i8x16.le_u(i8x16.sub(a, zeroSplat), nineSplat),
          i8x16.le_u(i8x16.sub(b, zeroSplat), nineSplat),
          i8x16.le_u(i8x16.sub(c, zeroSplat), nineSplat),
          i8x16.le_u(i8x16.sub(d, zeroSplat), nineSplat),
        )
      const zeros = bits(
        i8x16.eq(a, zeroSplat),
        i8x16.eq(b, zeroSplat),
        i8x16.eq(c, zeroSplat),
        i8x16.eq(d, zeroSplat),
      )
      let unsure = starts & (~digits | zeros)
      // The byte behind each run of digits that begins an atom: it goes on with something else.
      if (((digits + (starts & digits)) & ~digits & other) !== 0) unsure = starts
      // The last one may go on in the next block.
      if (atomCarry !== 0) unsure |= starts & (((<u64>1) << 63) >> clz(atoms))
      for (; unsure !== 0; unsure &= unsure - 1) {
        if (!isAtom(p + <usize>ctz(unsure))) return 0
      }
    }
    const rightLength =
      anyLength |
      (opening << length0) |
      (openingBefore >> (64 - length0)) |
      (opening << length1) |
      (openingBefore >> (64 - length1)) |
      (opening << length2) |
      (openingBefore >> (64 - length2))
    openingBefore = opening
    for (let rest = nameEnds & atRoot & valid & rightLength; rest !== 0; rest &= rest - 1) {
      const close = p + <usize>ctz(rest)
      const last = load<u64>(close - 7)
      if ((last & mask0) === word0 && isName(close, names)) store<u32>(found, <u32>close)
      if ((last & mask1) === word1 && isName(close, names + recordSize)) store<u32>(found, <u32>close, 4)
      if ((last & mask2) === word2 && isName(close, names + 2 * recordSize)) store<u32>(found, <u32>close, 8)
    }
    if (end !== 0) return end
    p += 64
  }
}
