import { decodeUtf8, encodeUtf8 } from '../web.js'

/** A member name to look for, prepared once. */
export interface MemberName {
  text: string
  bytes: Uint8Array
  /** Whether equal bytes are the only unescaped spelling: not so for U+FFFD, to which invalid bytes decode too. */
  oneSpelling: boolean
  /** Whether it holds what stands in a string only as an escape. */
  isEscaped: boolean
}

export function memberName(text: string): MemberName {
  const bytes = encodeUtf8(text)
  return {
    text,
    bytes,
    oneSpelling: decodeUtf8(bytes) === text && !text.includes('\ufffd'),
    isEscaped: bytes.some((byte) => byte < 0x20 || byte === 0x22 || byte === 0x5c),
  }
}

/**
 * Finds the values of the named members of one object, without recursion; of members with equal names the last
 * wins, as in JSON.parse. Names are compared decoded.
 *
 * @param bytes holds an object, valid by JSON.parse, that begins with `{` at `open`
 * @param spans written: for name i the value's first byte at `spans[2 * i]` and its end (exclusive) at
 *   `spans[2 * i + 1]`, or -1 where there is no such member
 */
export function findMembers(
  bytes: Uint8Array,
  open: number,
  names: readonly MemberName[],
  spans: Int32Array,
): void {
  spans.fill(-1, 0, 2 * names.length)
  let i = open + 1
  for (;;) {
    let byte = bytes[i]!
    while (byte !== 0x22 && byte !== 0x7d) byte = bytes[++i]!
    if (byte === 0x7d) return
    const nameStart = i + 1
    i = stringEnd(bytes, nameStart)
    const nameEnd = i
    // From the name's closing quote over the colon to the value.
    do byte = bytes[++i]!
    while (byte <= 0x20 || byte === 0x3a)
    const valueStart = i
    i = valueEnd(bytes, valueStart)
    for (let k = 0; k < names.length; k++) {
      if (isNamed(bytes, nameStart, nameEnd, names[k]!)) {
        spans[2 * k] = valueStart
        spans[2 * k + 1] = i
      }
    }
  }
}

/** The position of the quote that closes the string whose content begins at `i`. */
function stringEnd(bytes: Uint8Array, i: number): number {
  let byte = bytes[i]!
  while (byte !== 0x22) {
    i += byte === 0x5c ? 2 : 1
    byte = bytes[i]!
  }
  return i
}

/** The end (exclusive) of the value that begins at `i`. */
function valueEnd(bytes: Uint8Array, i: number): number {
  let byte = bytes[i]!
  if (byte === 0x22) return stringEnd(bytes, i + 1) + 1
  if ((byte | 0x20) !== 0x7b) {
    // Numbers and literals end at a blank, a comma or the closing brace; the parent is an object.
    while (byte > 0x20 && byte !== 0x2c && byte !== 0x7d) byte = bytes[++i]!
    return i
  }
  // Setting bit 5 turns [ into { and ] into }, and no other byte of valid JSON outside a string into either.
  let depth = 1
  while (depth > 0) {
    byte = bytes[++i]!
    if (byte === 0x22) i = stringEnd(bytes, i + 1)
    else if ((byte | 0x20) === 0x7b) depth++
    else if ((byte | 0x20) === 0x7d) depth--
  }
  return i + 1
}

function isNamed(bytes: Uint8Array, start: number, end: number, name: MemberName): boolean {
  const wanted = name.bytes
  const length = end - start
  let same = length === wanted.length && !name.isEscaped
  for (let i = 0; same && i < length; i++) same = bytes[start + i] === wanted[i]
  if (same && name.oneSpelling) return true
  // An escape is never shorter than what it stands for, and an invalid byte becomes three.
  if (name.oneSpelling && length <= wanted.length) return false
  let plain = true
  for (let i = start; plain && i < end; i++) {
    const byte = bytes[i]!
    plain = byte !== 0x5c && (name.oneSpelling || byte < 0x80)
  }
  if (plain) return same
  return JSON.parse(decodeUtf8(bytes.subarray(start - 1, end + 1))) === name.text
}
