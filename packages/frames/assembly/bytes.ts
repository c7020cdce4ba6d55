// Bytes of JSON by name, and what the other files share about them. Functions here are small enough that the
// optimizer puts them into their callers.

export const tab: u32 = 0x09
export const lineFeed: u32 = 0x0a
export const carriageReturn: u32 = 0x0d
export const space: u32 = 0x20
export const quote: u32 = 0x22
export const plus: u32 = 0x2b
export const comma: u32 = 0x2c
export const minus: u32 = 0x2d
export const point: u32 = 0x2e
export const zero: u32 = 0x30
export const colon: u32 = 0x3a
export const openBracket: u32 = 0x5b
export const backslash: u32 = 0x5c
export const openBrace: u32 = 0x7b

/** Four vectors of 0x00 and 0xff bytes as 64 bits, the first byte's lowest. Halves of 32 bits widen only once. */
export function bits(a: v128, b: v128, c: v128, d: v128): u64 {
  const low = i8x16.bitmask(a) | (i8x16.bitmask(b) << 16)
  const high = i8x16.bitmask(c) | (i8x16.bitmask(d) << 16)
  return <u64>(<u32>low) | ((<u64>(<u32>high)) << 32)
}

/** Which of 64 bytes are this one. */
export function equalTo(a: v128, b: v128, c: v128, d: v128, byte: u8): u64 {
  const splat = i8x16.splat(byte)
  return bits(i8x16.eq(a, splat), i8x16.eq(b, splat), i8x16.eq(c, splat), i8x16.eq(d, splat))
}

/** Bit i of the result: whether an odd number of the bits up to i is set, as from each opening quote to its closing one. */
export function parities(mask: u64): u64 {
  mask ^= mask << 1
  mask ^= mask << 2
  mask ^= mask << 4
  mask ^= mask << 8
  mask ^= mask << 16
  return mask ^ (mask << 32)
}

export function isDigit(byte: u32): bool {
  return byte - zero < 10
}

/** Whether a number or literal may end before this byte, within an object or array on one line. */
export function isDelimiter(byte: u32): bool {
  return (
    byte === comma ||
    byte === 0x7d ||
    byte === 0x5d ||
    byte === space ||
    byte === carriageReturn ||
    byte === tab
  )
}

/** Whether JSON takes this byte for a blank; within a line LF is none. */
export function isBlank(byte: u32): bool {
  return byte === space || byte === tab || byte === carriageReturn || byte === lineFeed
}

/** The first byte from `p` on that is no space, tab or CR. */
export function skipBlanks(p: usize): usize {
  let byte = <u32>load<u8>(p)
  while (byte === space || byte === tab || byte === carriageReturn) byte = <u32>load<u8>(++p)
  return p
}

/** Whether only blanks stand between the closer at `p` and an opener. */
export function isBehindOpener(p: usize): bool {
  let byte: u32
  do byte = <u32>load<u8>(--p)
  while (isBlank(byte))
  return (byte & 0xdf) === 0x5b
}

/** Which of these control characters of the block at `p` are tabs and CRs, up to the first LF. */
export function lineBlanks(p: usize, controls: u64): u64 {
  let blanks: u64 = 0
  for (; controls !== 0; controls &= controls - 1) {
    const byte = <u32>load<u8>(p + <usize>ctz(controls))
    if (byte === lineFeed) break
    if (byte === tab || byte === carriageReturn) blanks |= controls & (0 - controls)
  }
  return blanks
}

/** The first LF from `p` on; there is one. */
export function findLineFeed(p: usize): usize {
  const feed = i8x16.splat(0x0a)
  while (true) {
    const a = i8x16.eq(v128.load(p), feed)
    const b = i8x16.eq(v128.load(p, 16), feed)
    const c = i8x16.eq(v128.load(p, 32), feed)
    const d = i8x16.eq(v128.load(p, 48), feed)
    if (v128.any_true(v128.or(v128.or(a, b), v128.or(c, d)))) return p + <usize>ctz(bits(a, b, c, d))
    p += 64
  }
}
