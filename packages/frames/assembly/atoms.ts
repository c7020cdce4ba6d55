import { isDelimiter, isDigit, minus, plus, point, zero } from './bytes'

/** Whether a whole number or literal of the JSON grammar begins at `p`, a delimiter behind it. */
export function isAtom(p: usize): bool {
  const first = <u32>load<u8>(p)
  if (isDigit(first) || first === minus) return isNumber(p, first)
  const word = load<u32>(p)
  // true, null, fals
  if (word === 0x65757274 || word === 0x6c6c756e) return isDelimiter(<u32>load<u8>(p, 4))
  return word === 0x736c6166 && load<u8>(p, 4) === 0x65 && isDelimiter(<u32>load<u8>(p, 5))
}

function isNumber(p: usize, first: u32): bool {
  let byte = first
  if (byte === minus) byte = <u32>load<u8>(++p)
  if (byte === zero) byte = <u32>load<u8>(++p)
  else {
    if (!isDigit(byte)) return false
    do byte = <u32>load<u8>(++p)
    while (isDigit(byte))
  }
  if (byte === point) {
    byte = <u32>load<u8>(++p)
    if (!isDigit(byte)) return false
    do byte = <u32>load<u8>(++p)
    while (isDigit(byte))
  }
  if ((byte | 0x20) === 0x65) {
    byte = <u32>load<u8>(++p)
    if (byte === plus || byte === minus) byte = <u32>load<u8>(++p)
    if (!isDigit(byte)) return false
    do byte = <u32>load<u8>(++p)
    while (isDigit(byte))
  }
  return isDelimiter(byte)
}
