/**
 * Writes the identity of a JSON string: the bytes between its quotes, with escapes decoded to UTF-8. Raw bytes
 * are kept as they are, also invalid UTF-8; a surrogate pair of escapes is joined, a lone one becomes EF BF BD.
 *
 * @param bytes a valid JSON string's content in `[start, end)`, without the quotes
 * @param out at least `end - start` bytes: no escape is shorter than what it stands for
 * @returns the number of bytes written
 */
export function decodeString(bytes: Uint8Array, start: number, end: number, out: Uint8Array): number {
  let length = 0
  let i = start
  while (i < end) {
    const byte = bytes[i++]!
    if (byte !== 0x5c) {
      out[length++] = byte
      continue
    }
    const letter = bytes[i++]!
    if (letter !== 0x75) {
      out[length++] = shortEscape(letter)
      continue
    }
    let code = fourHexDigits(bytes, i)
    i += 4
    if (code >= 0xd800 && code <= 0xdfff) {
      const second =
        code < 0xdc00 && i < end && bytes[i] === 0x5c && bytes[i + 1] === 0x75
          ? fourHexDigits(bytes, i + 2)
          : 0
      if (second >= 0xdc00 && second <= 0xdfff) {
        code = 0x10000 + ((code - 0xd800) << 10) + (second - 0xdc00)
        i += 6
      } else code = 0xfffd
    }
    length = writeUtf8(code, out, length)
  }
  return length
}

function shortEscape(letter: number): number {
  if (letter === 0x6e) return 0x0a
  if (letter === 0x74) return 0x09
  if (letter === 0x72) return 0x0d
  if (letter === 0x62) return 0x08
  if (letter === 0x66) return 0x0c
  return letter
}

function fourHexDigits(bytes: Uint8Array, at: number): number {
  let code = 0
  for (let i = at; i < at + 4; i++) {
    const digit = bytes[i]!
    code = (code << 4) | (digit <= 0x39 ? digit - 0x30 : (digit | 0x20) - 0x57)
  }
  return code
}

function writeUtf8(code: number, out: Uint8Array, at: number): number {
  if (code < 0x80) {
    out[at] = code
    return at + 1
  }
  if (code < 0x800) {
    out[at] = 0xc0 | (code >> 6)
    out[at + 1] = 0x80 | (code & 0x3f)
    return at + 2
  }
  if (code < 0x10000) {
    out[at] = 0xe0 | (code >> 12)
    out[at + 1] = 0x80 | ((code >> 6) & 0x3f)
    out[at + 2] = 0x80 | (code & 0x3f)
    return at + 3
  }
  out[at] = 0xf0 | (code >> 18)
  out[at + 1] = 0x80 | ((code >> 12) & 0x3f)
  out[at + 2] = 0x80 | ((code >> 6) & 0x3f)
  out[at + 3] = 0x80 | (code & 0x3f)
  return at + 4
}
