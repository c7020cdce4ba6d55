/** Whether `bytes[start, end)` is UTF-8: no byte alone, no overlong form, no surrogate, nothing beyond U+10FFFF. */
export function isUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  let i = start
  while (i < end) {
    const lead = bytes[i++]!
    if (lead < 0x80) continue
    const more = continuations(lead)
    if (more === 0 || i + more > end) return false
    const second = bytes[i]!
    if (second < leastSecond(lead) || second > greatestSecond(lead)) return false
    for (let k = 1; k < more; k++) if ((bytes[i + k]! & 0xc0) !== 0x80) return false
    i += more
  }
  return true
}

/** How many bytes follow a lead byte; 0: it is none. C0 and C1 would be overlong. */
function continuations(lead: number): number {
  if (lead < 0xc2 || lead > 0xf4) return 0
  return lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3
}

/** Less would be overlong (Unicode Standard, table 3-7). */
function leastSecond(lead: number): number {
  return lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
}

/** More would be a surrogate, or beyond U+10FFFF. */
function greatestSecond(lead: number): number {
  return lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
}
