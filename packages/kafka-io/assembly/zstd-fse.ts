// Tables of finite state entropy (RFC 8878, 4.1). An entry is a u64:
//
//   bits  0..7   how many bits the next state takes from the stream
//   bits  8..15  how many bits are added to the value
//   bits 16..31  the next state, before its bits are added
//   bits 32..63  the value, before its bits are added
//
// The value of a symbol, with the bits to be added, comes from a table of codes in the same places.
import { cursorAtEnd, cursorFrom, firstBits, windowAt } from './zstd-bits'

const counts = memory.data(128, 16)
const nextStates = memory.data(128, 16)
const symbolAt = memory.data(512, 16)
/** How many symbols have counts. */
let symbols: u32 = 0
/** The logarithm of the size of the table that was described last. */
export let accuracyLog: u32 = 0

/**
 * Reads the description of a distribution.
 *
 * @returns where it ends; 0: it is damaged
 */
export function readDistribution(from: usize, to: usize, lastSymbol: u32, mostLog: u32): usize {
  if (from >= to) return 0
  accuracyLog = 5 + (<u32>load<u8>(from) & 15)
  if (accuracyLog > mostLog) return 0
  const end = (<u32>(to - from)) << 3
  let at: u32 = 4
  // Points that are left, and one.
  let left: u32 = (1 << accuracyLog) + 1
  symbols = 0
  while (left > 1) {
    if (symbols > lastSymbol || at >= end) return 0
    const wide: u32 = 32 - clz(left)
    const short: u32 = (1 << wide) - 1 - left
    const bits = load<u32>(from + (at >> 3)) >> (at & 7)
    let value = bits & ((1 << (wide - 1)) - 1)
    at += wide
    if (value < short) at--
    else {
      value = bits & ((1 << wide) - 1)
      if (value >= <u32>(1 << (wide - 1))) value -= short
    }
    store<i16>(counts + (symbols++ << 1), <i16>value - 1)
    // A count of "less than 1" takes one point.
    left -= value === 0 ? 1 : value - 1
    if (value !== 1) continue
    let more: u32
    do {
      if (at >= end) return 0
      more = (load<u16>(from + (at >> 3)) >> (at & 7)) & 3
      at += 2
      if (symbols + more > lastSymbol + 1) return 0
      for (let i: u32 = 0; i < more; i++) store<i16>(counts + (symbols++ << 1), 0)
    } while (more === 3)
  }
  return at > end ? 0 : from + ((at + 7) >> 3)
}

/** Takes the distribution from `length` signed bytes. */
export function takeDistribution(from: usize, length: u32, log: u32): void {
  symbols = length
  accuracyLog = log
  for (let i: u32 = 0; i < length; i++) store<i16>(counts + (i << 1), <i16>load<i8>(from + i))
}

/** Builds the decoding table of the distribution that was read last. */
export function buildTable(table: usize, codes: usize): void {
  const log = accuracyLog
  const size: u32 = (<u32>1) << log
  const mask = size - 1
  let high = mask
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const count = load<i16>(counts + (symbol << 1))
    if (count < 0) store<u8>(symbolAt + high--, symbol)
    store<u16>(nextStates + (symbol << 1), count < 0 ? 1 : count)
  }
  const step = (size >> 1) + (size >> 3) + 3
  let place: u32 = 0
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const count = <i32>load<i16>(counts + (symbol << 1))
    for (let i = 0; i < count; i++) {
      store<u8>(symbolAt + place, symbol)
      do place = (place + step) & mask
      while (place > high)
    }
  }
  for (let state: u32 = 0; state < size; state++) {
    const symbol = <usize>load<u8>(symbolAt + state)
    const next = <u32>load<u16>(nextStates + (symbol << 1))
    store<u16>(nextStates + (symbol << 1), next + 1)
    const bits: u32 = log - 31 + clz(next)
    const base = (next << bits) - size
    store<u64>(table + (state << 3), load<u64>(codes + (symbol << 3)) | (base << 16) | bits)
  }
}

const weightTable = memory.data(64 * 8, 16)
const weightCodes = memory.data(16 * 8, 16)
/** Zeros, and then a stream: what is read beyond its first byte is zeros. */
const padded = memory.data(16 + 128 + 16, 16)

/**
 * Decodes the weights of a Huffman tree, which two states share the bits of `[from, to)` for.
 *
 * @returns how many there are; 0: they are damaged
 */
export function decodeWeights(from: usize, to: usize, weights: usize): u32 {
  for (let weight: usize = 0; weight < 16; weight++)
    store<u64>(weightCodes + (weight << 3), (<u64>weight) << 32)
  const start = readDistribution(from, to, 12, 6)
  if (start === 0 || start >= to) return 0
  buildTable(weightTable, weightCodes)
  const log = <u64>accuracyLog
  const length = to - start
  memory.copy(padded + 16, start, length)
  const end = cursorAtEnd(padded + 16)
  let cursor = cursorFrom(padded + 16 + length)
  if (cursor < end + 2 * log) return 0
  const window = windowAt(cursor)
  let entry = load<u64>(weightTable + ((<usize>firstBits(window, log)) << 3))
  let other = load<u64>(weightTable + ((<usize>firstBits(window << log, log)) << 3))
  cursor -= 2 * log
  for (let count: u32 = 0; count < 254; ) {
    store<u8>(weights + count++, <u8>(entry >> 32))
    const bits = entry & 63
    // The stream is over: what remains is the weight that the other state stands for.
    if (cursor < end + bits) {
      store<u8>(weights + count++, <u8>(other >> 32))
      return count
    }
    const state = <usize>((entry >> 16) & 0xffff) + <usize>firstBits(windowAt(cursor), bits)
    cursor -= bits
    entry = other
    other = load<u64>(weightTable + (state << 3))
  }
  return 0
}
