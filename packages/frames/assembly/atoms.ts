import { isDelimiter, isDigit, minus, plus, point, zero } from './bytes'

/** The delimiter behind the number or literal of the JSON grammar that begins at `p`; 0 where there is none. */
export function atomEnd(p: usize): usize {
  const end = scalarEnd(p)
  return end !== 0 && isDelimiter(<u32>load<u8>(end)) ? end : 0
}

/** The address behind the number or literal that begins at `p`, whatever follows it; 0 where there is none. */
export function scalarEnd(p: usize): usize {
  const first = <u32>load<u8>(p)
  if (isDigit(first) || first === minus) return numberEnd(p, first)
  const word = load<u32>(p)
  // true, null, fals
  if (word === 0x65757274 || word === 0x6c6c756e) return p + 4
  return word === 0x736c6166 && load<u8>(p, 4) === 0x65 ? p + 5 : 0
}

function numberEnd(p: usize, first: u32): usize {
  let byte = first
  if (byte === minus) byte = <u32>load<u8>(++p)
  if (byte === zero) byte = <u32>load<u8>(++p)
  else {
    if (!isDigit(byte)) return 0
    do byte = <u32>load<u8>(++p)
    while (isDigit(byte))
  }
  if (byte === point) {
    byte = <u32>load<u8>(++p)
    if (!isDigit(byte)) return 0
    do byte = <u32>load<u8>(++p)
    while (isDigit(byte))
  }
  if ((byte | 0x20) === 0x65) {
    byte = <u32>load<u8>(++p)
    if (byte === plus || byte === minus) byte = <u32>load<u8>(++p)
    if (!isDigit(byte)) return 0
    do byte = <u32>load<u8>(++p)
    while (isDigit(byte))
  }
  return p
}
