import { bits, equalTo } from './bytes'

/**
 * 0xff for each byte that is one of the letters / b f n r t: each but `r` is the only one with its low half, and a
 * table says which that is. NUL passes as well, and is refused as every control character in a string.
 */
export function shortEscapes(bytes: v128): v128 {
  const byLow = v128(0, 0, 0x62, 0, 0x74, 0, 0x66, 0, 0, 0, 0, 0, 0, 0, 0x6e, 0x2f)
  const letter = i8x16.swizzle(byLow, v128.and(bytes, i8x16.splat(0x0f)))
  return v128.or(i8x16.eq(bytes, letter), i8x16.eq(bytes, i8x16.splat(0x72)))
}

/** 0xff for each byte that is a hexadecimal digit. */
function hexDigits(bytes: v128): v128 {
  const digits = i8x16.le_u(i8x16.sub(bytes, i8x16.splat(0x30)), i8x16.splat(9))
  const folded = v128.or(bytes, i8x16.splat(0x20))
  return v128.or(digits, i8x16.le_u(i8x16.sub(folded, i8x16.splat(0x61)), i8x16.splat(5)))
}

/** Whether a `u` stands at `p` and four hexadecimal digits behind it. */
export function isUnicodeEscape(p: usize): bool {
  return load<u8>(p) === 0x75 && (i8x16.bitmask(hexDigits(v128.load(p, 1))) & 15) === 15
}

/** Whether each of these bytes of the block at `p` is a `u` with four hexadecimal digits behind it. */
export function areUnicodeEscapes(p: usize, a: v128, b: v128, c: v128, d: v128, bytes: u64): bool {
  const hex = bits(hexDigits(a), hexDigits(b), hexDigits(c), hexDigits(d))
  const digits = (bytes << 1) | (bytes << 2) | (bytes << 3) | (bytes << 4)
  if (((bytes & ~equalTo(a, b, c, d, 0x75)) | (digits & ~hex)) !== 0) return false
  // The digits of these go on in the next block.
  for (let rest = bytes >> 60; rest !== 0; rest &= rest - 1) {
    if (!isUnicodeEscape(p + 60 + <usize>ctz(rest))) return false
  }
  return true
}

/** The code point of the escape read last. */
export let code: u32 = 0

/**
 * Reads the escape whose backslash is at `p`: a pair of surrogates as one, a lone surrogate as U+FFFD.
 *
 * @returns the address behind it; 0 where it is none
 */
export function readEscape(p: usize): usize {
  if (load<u8>(p, 1) !== 0x75) {
    code = shortEscape(<u32>load<u8>(p, 1))
    return code === 0 ? 0 : p + 2
  }
  if (!isUnicodeEscape(p + 1)) return 0
  code = fourHexDigits(p + 2)
  p += 6
  if (code - 0xd800 >= 0x800) return p
  if (code < 0xdc00 && load<u8>(p) === 0x5c && isUnicodeEscape(p + 1)) {
    const low = fourHexDigits(p + 2)
    if (low - 0xdc00 < 0x400) {
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00)
      return p + 6
    }
  }
  code = 0xfffd
  return p
}

function shortEscape(letter: u32): u32 {
  if (letter === 0x22 || letter === 0x2f || letter === 0x5c) return letter
  if (letter === 0x6e) return 0x0a
  if (letter === 0x74) return 0x09
  if (letter === 0x72) return 0x0d
  if (letter === 0x62) return 0x08
  return letter === 0x66 ? 0x0c : 0
}

function fourHexDigits(p: usize): u32 {
  // In ASCII the low half of a digit is its value, that of a letter its value less 9, and only letters have bit 6.
  const letters = load<u32>(p)
  const digits = (letters & 0x0f0f0f0f) + ((letters >> 6) & 0x01010101) * 9
  return ((digits & 0xff) << 12) | (digits & 0xf00) | ((digits >> 12) & 0xf0) | (digits >> 24)
}

/** Writes the code point read last as UTF-8. @returns the number of bytes */
export function storeUtf8(out: usize): usize {
  if (code < 0x80) {
    store<u8>(out, <u8>code)
    return 1
  }
  if (code < 0x800) {
    store<u8>(out, <u8>(0xc0 | (code >> 6)))
    store<u8>(out, <u8>(0x80 | (code & 0x3f)), 1)
    return 2
  }
  if (code < 0x10000) {
    store<u8>(out, <u8>(0xe0 | (code >> 12)))
    store<u8>(out, <u8>(0x80 | ((code >> 6) & 0x3f)), 1)
    store<u8>(out, <u8>(0x80 | (code & 0x3f)), 2)
    return 3
  }
  store<u8>(out, <u8>(0xf0 | (code >> 18)))
  store<u8>(out, <u8>(0x80 | ((code >> 12) & 0x3f)), 1)
  store<u8>(out, <u8>(0x80 | ((code >> 6) & 0x3f)), 2)
  store<u8>(out, <u8>(0x80 | (code & 0x3f)), 3)
  return 4
}
