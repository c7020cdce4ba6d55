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
export function hexDigits(bytes: v128): v128 {
  const digits = i8x16.le_u(i8x16.sub(bytes, i8x16.splat(0x30)), i8x16.splat(9))
  const folded = v128.or(bytes, i8x16.splat(0x20))
  return v128.or(digits, i8x16.le_u(i8x16.sub(folded, i8x16.splat(0x61)), i8x16.splat(5)))
}

/** Whether a `u` stands at `p` and four hexadecimal digits behind it. */
export function isUnicodeEscape(p: usize): bool {
  return load<u8>(p) === 0x75 && (i8x16.bitmask(hexDigits(v128.load(p, 1))) & 15) === 15
}
