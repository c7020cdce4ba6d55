import { isDigit } from './bytes'

/** 0xff for each byte that is one of the letters " \ / b f n r t, by what its two halves have in common. */
export function shortEscapes(bytes: v128): v128 {
  const low = v128.and(bytes, i8x16.splat(0x0f))
  const high = i8x16.shr_u(bytes, 4)
  // 2: " and /, 4: \, 8: b and f and n, 16: r and t
  const byLow = v128(0, 0, 26, 0, 16, 0, 8, 0, 0, 0, 0, 0, 4, 0, 8, 2)
  const byHigh = v128(0, 0, 2, 0, 0, 4, 8, 16, 0, 0, 0, 0, 0, 0, 0, 0)
  return i8x16.ne(v128.and(i8x16.swizzle(byLow, low), i8x16.swizzle(byHigh, high)), i8x16.splat(0))
}

/** Whether a `u` stands at `p` and four hexadecimal digits behind it. */
export function isUnicodeEscape(p: usize): bool {
  if (load<u8>(p) !== 0x75) return false
  for (let i: usize = 1; i <= 4; i++) {
    const byte = <u32>load<u8>(p + i)
    if (!isDigit(byte) && (byte | 0x20) - 0x61 >= 6) return false
  }
  return true
}
