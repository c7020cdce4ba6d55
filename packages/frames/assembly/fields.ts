import { colon, isDelimiter, isDigit, minus, quote, skipBlanks, space, zero } from './bytes'

/** The address of the value behind the name that the quote at `close` ends; 0 where no colon follows. */
export function memberValue(close: usize): usize {
  // Mostly there is no blank, and a loop costs even where it makes no pass.
  if (load<u8>(close, 1) === 0x3a && <u32>load<u8>(close, 2) > space) return close + 2
  const p = skipBlanks(close + 1)
  return <u32>load<u8>(p) === colon ? skipBlanks(p + 1) : 0
}

/** The quote that ends the string whose content begins at `p`; 0 if it holds a backslash, or never ends. */
export function plainStringEnd(p: usize): usize {
  const quoteSplat = i8x16.splat(0x22)
  const backslashSplat = i8x16.splat(0x5c)
  const spaceSplat = i8x16.splat(0x20)
  while (true) {
    const bytes = v128.load(p)
    const stops = i8x16.bitmask(
      v128.or(
        v128.or(i8x16.eq(bytes, quoteSplat), i8x16.eq(bytes, backslashSplat)),
        i8x16.lt_u(bytes, spaceSplat),
      ),
    )
    if (stops !== 0) {
      const end = p + <usize>ctz(stops)
      return <u32>load<u8>(end) === quote ? end : 0
    }
    p += 16
  }
}

/** The end of the integer at `p`, as the identity of a key takes it; 0 for everything else. */
export function integerEnd(p: usize): usize {
  let byte = <u32>load<u8>(p)
  if (byte === minus) byte = <u32>load<u8>(++p)
  if (!isDigit(byte)) return 0
  const leadingZero = byte === zero
  const first = p
  do byte = <u32>load<u8>(++p)
  while (isDigit(byte))
  return isDelimiter(byte) && !(leadingZero && p - first > 1) ? p : 0
}

/** Where the identity of the integer at `p` begins: that of -0 is 0. */
export function integerStart(p: usize): usize {
  return load<u16>(p) === 0x302d ? p + 1 : p
}
