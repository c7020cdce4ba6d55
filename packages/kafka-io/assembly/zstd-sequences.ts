// Sequences of zstd (RFC 8878, 3.1.1.3.2 and 3.1.1.4): each copies literals, then a match from what was written before.
import { cursorAtEnd, cursorFrom, firstBits, windowAt } from './zstd-bits'
import { accuracyLog, buildTable, readDistribution, takeDistribution } from './zstd-fse'

/** Results below this are no addresses but what is wrong. */
export const badLiterals: usize = 1
export const badTables: usize = 2
export const badSequences: usize = 3
export const literalsRunOut: usize = 4
export const copiesFromBeforeWindow: usize = 5
export const isTooLong: usize = 6

const lastLengthCode: u32 = 35
const lastOffsetCode: u32 = 31
const lastMatchCode: u32 = 52

// Values of codes with their extra bits, as tables of entropy take them, and the tables of predefined distributions.
const lengthCodes = memory.data(36 * 8, 16)
const offsetCodes = memory.data(32 * 8, 16)
const matchCodes = memory.data(53 * 8, 16)
const predefinedLengths = memory.data(64 * 8, 16)
const predefinedOffsets = memory.data(32 * 8, 16)
const predefinedMatches = memory.data(64 * 8, 16)
const ownLengths = memory.data(512 * 8, 16)
const ownOffsets = memory.data(256 * 8, 16)
const ownMatches = memory.data(512 * 8, 16)

const lengthExtras = memory.data<u8>([1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16])
const matchExtras = memory.data<u8>([1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16])

// RFC 8878, 3.1.1.3.2.2
const lengthDistribution = memory.data<i8>([
  4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1,
  -1,
])
const matchDistribution = memory.data<i8>([
  1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
  1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
])
const offsetDistribution = memory.data<i8>([
  1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1,
])

/** At 16 * distance: the places of sixteen bytes that repeat the first `distance`. */
const repeatingPlaces = memory.data(16 * 16, 16)

/** To be called once, before all else. */
export function makeSequenceTables(): void {
  fillCodes(lengthCodes, 16, 0, lengthExtras, 20)
  fillCodes(matchCodes, 32, 3, matchExtras, 21)
  for (let code: u64 = 0; code <= lastOffsetCode; code++) {
    store<u64>(offsetCodes + ((<usize>code) << 3), ((<u64>1) << (32 + code)) | (code << 8))
  }
  takeDistribution(lengthDistribution, 36, 6)
  buildTable(predefinedLengths, lengthCodes)
  takeDistribution(matchDistribution, 53, 6)
  buildTable(predefinedMatches, matchCodes)
  takeDistribution(offsetDistribution, 29, 5)
  buildTable(predefinedOffsets, offsetCodes)
  setKind(lengthKind, predefinedLengths, 6, ownLengths, lengthCodes, lastLengthCode, 9)
  setKind(offsetKind, predefinedOffsets, 5, ownOffsets, offsetCodes, lastOffsetCode, 8)
  setKind(matchKind, predefinedMatches, 6, ownMatches, matchCodes, lastMatchCode, 9)
  for (let distance: usize = 1; distance < 16; distance++) {
    for (let i: usize = 0; i < 16; i++) store<u8>(repeatingPlaces + (distance << 4) + i, i % distance)
  }
}

/** The first `plain` codes are values one after the other from `value` on, those behind have bits added to them. */
function fillCodes(codes: usize, plain: u32, value: u64, extras: usize, count: u32): void {
  for (let code: u32 = 0; code < plain; code++, codes += 8) store<u64>(codes, value++ << 32)
  for (let i: u32 = 0; i < count; i++, codes += 8) {
    const bits = <u64>load<u8>(extras + i)
    store<u64>(codes, (value << 32) | (bits << 8))
    value += (<u64>1) << bits
  }
}

// A kind of code, and what one block leaves of its table to the next of the frame, as u32:
//
//    0  the table used last; 0: there is none in this frame
//    4  the logarithm of its size
//    8  the predefined table, and at 12 the logarithm of its size
//   16  where a table of its own is built
//   20  the values of the codes, and at 24 the last code
//   28  the largest logarithm that a description may have
const lengthKind = memory.data(32, 16)
const offsetKind = memory.data(32, 16)
const matchKind = memory.data(32, 16)
let recent1: u32 = 1
let recent2: u32 = 4
let recent3: u32 = 8

/** To be called where a frame begins. */
export function forgetSequences(): void {
  store<u32>(lengthKind, 0)
  store<u32>(offsetKind, 0)
  store<u32>(matchKind, 0)
  recent1 = 1
  recent2 = 4
  recent3 = 8
}

function setKind(
  kind: usize,
  predefined: usize,
  log: u32,
  own: usize,
  codes: usize,
  last: u32,
  most: u32,
): void {
  store<u32>(kind, predefined, 8)
  store<u32>(kind, log, 12)
  store<u32>(kind, own, 16)
  store<u32>(kind, codes, 20)
  store<u32>(kind, last, 24)
  store<u32>(kind, most, 28)
}

/**
 * Chooses the table of a kind by its mode, and reads it where it is described.
 *
 * @returns the end of the description; 0: it is damaged, or there is no table to be used again
 */
function chooseTable(kind: usize, mode: u32, from: usize, to: usize): usize {
  if (mode === 3) return load<u32>(kind) === 0 ? 0 : from
  let table = <usize>load<u32>(kind, 16)
  const codes = <usize>load<u32>(kind, 20)
  const last = load<u32>(kind, 24)
  let log: u32 = 0
  if (mode === 0) {
    table = load<u32>(kind, 8)
    log = load<u32>(kind, 12)
  } else if (mode === 1) {
    if (from >= to || <u32>load<u8>(from) > last) return 0
    // One entry: the same code each time, without a bit of the stream.
    store<u64>(table, load<u64>(codes + ((<usize>load<u8>(from)) << 3)))
    from++
  } else {
    from = readDistribution(from, to, last, load<u32>(kind, 28))
    if (from === 0) return 0
    buildTable(table, codes)
    log = accuracyLog
  }
  store<u32>(kind, table)
  store<u32>(kind, log, 4)
  return from
}

/**
 * Decodes the section of sequences `[from, to)` to `out`, with literals from `[literals, literalsEnd)`. Copies write up
 * to 15 bytes beyond their end, and read as many beyond the literals. Matches may reach back to `start`.
 *
 * @returns the end of what was written, at most `end`; or what is wrong
 */
export function executeSequences(
  from: usize,
  to: usize,
  literals: usize,
  literalsEnd: usize,
  start: usize,
  out: usize,
  end: usize,
): usize {
  if (from >= to) return badSequences
  let count = <u32>load<u8>(from++)
  if (count >= 128) {
    const more: usize = count === 255 ? 2 : 1
    if (more > to - from) return badSequences
    count = more === 2 ? <u32>load<u16>(from) + 0x7f00 : ((count - 128) << 8) + <u32>load<u8>(from)
    from += more
  }
  if (count === 0) {
    return from === to ? copyRest(literals, literalsEnd, out, end) : badSequences
  }
  if (from >= to) return badSequences
  const modes = <u32>load<u8>(from++)
  if ((modes & 3) !== 0) return badTables
  from = chooseTable(lengthKind, modes >> 6, from, to)
  if (from === 0) return badTables
  from = chooseTable(offsetKind, (modes >> 4) & 3, from, to)
  if (from === 0) return badTables
  from = chooseTable(matchKind, (modes >> 2) & 3, from, to)
  if (from === 0) return badTables
  if (from >= to) return badSequences

  const last = cursorAtEnd(from)
  let cursor = cursorFrom(to)
  if (cursor === 0) return badSequences
  const lengths = <usize>load<u32>(lengthKind)
  const offsets = <usize>load<u32>(offsetKind)
  const matches = <usize>load<u32>(matchKind)
  const lengthLog = <u64>load<u32>(lengthKind, 4)
  const offsetLog = <u64>load<u32>(offsetKind, 4)
  const matchLog = <u64>load<u32>(matchKind, 4)
  let window = windowAt(cursor)
  let lengthEntry = load<u64>(lengths + ((<usize>firstBits(window, lengthLog)) << 3))
  window <<= lengthLog
  let offsetEntry = load<u64>(offsets + ((<usize>firstBits(window, offsetLog)) << 3))
  window <<= offsetLog
  let matchEntry = load<u64>(matches + ((<usize>firstBits(window, matchLog)) << 3))
  cursor -= lengthLog + offsetLog + matchLog
  let first = recent1
  let second = recent2
  let third = recent3
  for (;;) {
    // A damaged stream may be read for one sequence beyond its beginning.
    if (cursor < last) return badSequences
    const bits = <u32>(lengthEntry + offsetEntry + matchEntry)
    window = windowAt(cursor)
    const value = <u32>(offsetEntry >> 32) + <u32>firstBits(window, offsetEntry >> 8)
    window <<= offsetEntry >> 8
    // The next states take 26 bits at most, which mostly leaves enough for all; else a second window does, as both
    // lengths of a block of 128 KiB take no more than 31.
    const extra = (bits >> 8) & 255
    if (extra > 31) window = windowAt(cursor - ((offsetEntry >> 8) & 63))
    const matched = <u32>(matchEntry >> 32) + <u32>firstBits(window, matchEntry >> 8)
    window <<= matchEntry >> 8
    const copied = <u32>(lengthEntry >> 32) + <u32>firstBits(window, lengthEntry >> 8)
    window <<= lengthEntry >> 8
    cursor -= extra

    let distance: u32
    if (value > 3) {
      distance = value - 3
      third = second
      second = first
      first = distance
    } else {
      const which = copied === 0 ? value + 1 : value
      if (which === 1) distance = first
      else {
        distance = which === 2 ? second : which === 3 ? third : first - 1
        if (which !== 2) third = second
        second = first
        first = distance
      }
    }

    if (copied > <u32>(literalsEnd - literals)) return literalsRunOut
    if (copied + matched > <u32>(end - out)) return isTooLong
    v128.store(out, v128.load(literals))
    if (copied > 16) {
      for (let i: usize = 16; i < copied; i += 16) v128.store(out + i, v128.load(literals + i))
    }
    literals += copied
    out += copied
    // A distance of 0 is the greatest of all.
    if (distance - 1 >= <u32>(out - start)) return copiesFromBeforeWindow
    const source = out - distance
    if (distance >= 16) {
      v128.store(out, v128.load(source))
      if (matched > 16) {
        for (let i: usize = 16; i < matched; i += 16) v128.store(out + i, v128.load(source + i))
      }
    } else repeat(source, out, distance, matched)
    out += matched

    if (--count === 0) break
    const lengthState = <usize>((lengthEntry >> 16) & 0xffff) + <usize>firstBits(window, lengthEntry)
    window <<= lengthEntry
    const matchState = <usize>((matchEntry >> 16) & 0xffff) + <usize>firstBits(window, matchEntry)
    window <<= matchEntry
    const offsetState = <usize>((offsetEntry >> 16) & 0xffff) + <usize>firstBits(window, offsetEntry)
    cursor -= bits & 255
    lengthEntry = load<u64>(lengths + (lengthState << 3))
    matchEntry = load<u64>(matches + (matchState << 3))
    offsetEntry = load<u64>(offsets + (offsetState << 3))
  }
  recent1 = first
  recent2 = second
  recent3 = third
  return cursor === last ? copyRest(literals, literalsEnd, out, end) : badSequences
}

/** What the sequences left of the literals ends the block. */
function copyRest(literals: usize, literalsEnd: usize, out: usize, end: usize): usize {
  const length = literalsEnd - literals
  if (length > end - out) return isTooLong
  memory.copy(out, literals, length)
  return out + length
}

/** A match that reaches into what it writes, less than sixteen bytes back. */
function repeat(source: usize, out: usize, distance: u32, length: u32): void {
  const sixteen = i8x16.swizzle(v128.load(source), v128.load(repeatingPlaces + (distance << 4)))
  // Whole repetitions, so that each store begins one.
  const step = 16 - (16 % distance)
  for (let i: u32 = 0; i < length; i += step) v128.store(out + i, sixteen)
}
