// Literals of zstd in Huffman codes of at most 11 bits (RFC 8878, 4.2). The table has an entry for each 11 bits that
// can come: how many of them are the code's, and above these eight bits the symbol.
import { cursorAtEnd, cursorFrom, windowAt } from './zstd-bits'
import { decodeWeights } from './zstd-fse'

const mostBits: u32 = 11
const table = memory.data(2048 * 2, 64)
const weights = memory.data(256, 16)
/** Where the symbols of a weight have their next entry. */
const places = memory.data(16 * 4, 16)

/**
 * Reads the description of a tree, and makes its table.
 *
 * @returns where it ends; 0: it is damaged
 */
export function readTree(from: usize, to: usize): usize {
  if (from >= to) return 0
  const head = <u32>load<u8>(from++)
  let count: u32
  if (head < 128) {
    if (head > <u32>(to - from)) return 0
    count = decodeWeights(from, from + head, weights)
    if (count === 0) return 0
    from += head
  } else {
    count = head - 127
    const end = from + ((count + 1) >> 1)
    if (end > to) return 0
    for (let i: u32 = 0; i < count; i++) {
      store<u8>(weights + i, (<u32>load<u8>(from + (i >> 1)) >> ((~i & 1) << 2)) & 15)
    }
    from = end
  }
  return makeTable(count) ? from : 0
}

/** The weight of the last symbol is what the others leave to a power of two. */
function makeTable(listed: u32): bool {
  memory.fill(places, 0, 64)
  let sum: u32 = 0
  for (let i: u32 = 0; i < listed; i++) {
    const weight = <u32>load<u8>(weights + i)
    if (weight > mostBits) return false
    if (weight === 0) continue
    sum += 1 << (weight - 1)
    const place = places + (weight << 2)
    store<u32>(place, load<u32>(place) + 1)
  }
  if (sum === 0) return false
  const bits: u32 = 32 - clz(sum)
  const left = ((<u32>1) << bits) - sum
  if (bits > mostBits || popcnt(left) !== 1) return false
  const last: u32 = ctz(left) + 1
  store<u8>(weights + listed, last)
  store<u32>(places + (last << 2), load<u32>(places + (last << 2)) + 1)
  if (load<u32>(places, 4) === 0) return false
  // Each of the 2^bits ends of codes has as many entries as there are tails of 11 bits to them.
  const spare = mostBits - bits
  let at: u32 = 0
  for (let weight: u32 = 1; weight <= bits; weight++) {
    const place = places + (weight << 2)
    const taken = load<u32>(place) << (weight - 1 + spare)
    store<u32>(place, at)
    at += taken
  }
  for (let symbol: u32 = 0; symbol <= listed; symbol++) {
    const weight = <u32>load<u8>(weights + symbol)
    if (weight === 0) continue
    const place = places + (weight << 2)
    const first = load<u32>(place)
    const entries: u32 = 1 << (weight - 1 + spare)
    store<u32>(place, first + entries)
    fillEntries(table + (first << 1), entries, (symbol << 8) | (bits + 1 - weight))
  }
  return true
}

function fillEntries(at: usize, count: u32, entry: u32): void {
  if (count >= 8) {
    const eight = i16x8.splat(<i16>entry)
    for (let i: u32 = 0; i < count; i += 8) v128.store(at + (i << 1), eight)
  } else {
    for (let i: u32 = 0; i < count; i++) store<u16>(at + (i << 1), entry)
  }
}

/**
 * Decodes one stream to `count` symbols. A damaged one may be read beyond its beginning, by 11 bits a symbol at most:
 * the kernel's own data, which lies before all input, is longer.
 *
 * @returns whether all bits were taken, and no others
 */
export function decodeStream(from: usize, to: usize, out: usize, count: usize): bool {
  if (from >= to) return false
  const cursor = cursorFrom(to)
  return cursor !== 0 && finish(cursor, out, out + count) === cursorAtEnd(from)
}

/** The same of four streams one behind the other, the lengths of the first three before them. */
export function decodeFourStreams(from: usize, to: usize, out: usize, count: usize): bool {
  if (to - from < 10 || count < 6) return false
  const start1 = from + 6
  const start2 = start1 + <usize>load<u16>(from)
  const start3 = start2 + <usize>load<u16>(from, 2)
  const start4 = start3 + <usize>load<u16>(from, 4)
  if (start1 === start2 || start2 === start3 || start3 === start4 || start4 >= to) return false
  let cursor1 = cursorFrom(start2)
  let cursor2 = cursorFrom(start3)
  let cursor3 = cursorFrom(start4)
  let cursor4 = cursorFrom(to)
  if (cursor1 === 0 || cursor2 === 0 || cursor3 === 0 || cursor4 === 0) return false
  const share = (count + 3) >> 2
  const share2 = share + share
  const share3 = share2 + share
  const end = out + count
  // Side by side, so that the four do not wait for each other: five codes of 11 bits of each fit a window. The
  // lowest bit of a window, set, tells by where it has come to how many were taken.
  let p = out
  for (const rounds = end - share3 - 4; p < rounds; p += 5) {
    let window1 = windowAt(cursor1) | 1
    let window2 = windowAt(cursor2) | 1
    let window3 = windowAt(cursor3) | 1
    let window4 = windowAt(cursor4) | 1
    window1 = decodeSymbol(window1, p)
    window2 = decodeSymbol(window2, p + share)
    window3 = decodeSymbol(window3, p + share2)
    window4 = decodeSymbol(window4, p + share3)
    window1 = decodeSymbol(window1, p + 1)
    window2 = decodeSymbol(window2, p + share + 1)
    window3 = decodeSymbol(window3, p + share2 + 1)
    window4 = decodeSymbol(window4, p + share3 + 1)
    window1 = decodeSymbol(window1, p + 2)
    window2 = decodeSymbol(window2, p + share + 2)
    window3 = decodeSymbol(window3, p + share2 + 2)
    window4 = decodeSymbol(window4, p + share3 + 2)
    window1 = decodeSymbol(window1, p + 3)
    window2 = decodeSymbol(window2, p + share + 3)
    window3 = decodeSymbol(window3, p + share2 + 3)
    window4 = decodeSymbol(window4, p + share3 + 3)
    window1 = decodeSymbol(window1, p + 4)
    window2 = decodeSymbol(window2, p + share + 4)
    window3 = decodeSymbol(window3, p + share2 + 4)
    window4 = decodeSymbol(window4, p + share3 + 4)
    cursor1 -= ctz(window1)
    cursor2 -= ctz(window2)
    cursor3 -= ctz(window3)
    cursor4 -= ctz(window4)
  }
  return (
    finish(cursor1, p, out + share) === cursorAtEnd(start1) &&
    finish(cursor2, p + share, out + share2) === cursorAtEnd(start2) &&
    finish(cursor3, p + share2, out + share3) === cursorAtEnd(start3) &&
    finish(cursor4, p + share3, end) === cursorAtEnd(start4)
  )
}

/** Decodes what is left of a stream. @returns the cursor behind it */
function finish(cursor: u64, out: usize, end: usize): u64 {
  for (; end - out >= 5; out += 5) {
    let window = windowAt(cursor) | 1
    window = decodeSymbol(window, out)
    window = decodeSymbol(window, out + 1)
    window = decodeSymbol(window, out + 2)
    window = decodeSymbol(window, out + 3)
    window = decodeSymbol(window, out + 4)
    cursor -= ctz(window)
  }
  for (; out < end; out++) cursor -= ctz(decodeSymbol(windowAt(cursor) | 1, out))
  return cursor
}

/** Writes the first symbol of a window. @returns the window behind it */
function decodeSymbol(window: u64, out: usize): u64 {
  const entry = <u32>load<u16>(table + (<usize>(window >> 52) & ~1))
  store<u8>(out, entry >> 8)
  return window << entry
}
