const reused = new Uint8Array(3072)

/** How many bytes of the array that {@link encodeUtf8} returned last are the text. */
export let encodedLength = 0

/**
 * The UTF-8 of a text in the first {@link encodedLength} bytes of the returned array, valid until the next call.
 * A surrogate without its partner becomes U+FFFD, as TextEncoder and DataSketches for Java have it.
 */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = text.length * 3 <= reused.length ? reused : new Uint8Array(text.length * 3)
  let at = 0
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i)
    if (code < 0x80) {
      bytes[at++] = code
      continue
    }
    if (code < 0x800) {
      bytes[at++] = 0xc0 | (code >> 6)
      bytes[at++] = 0x80 | (code & 63)
      continue
    }
    if (code >= 0xd800 && code <= 0xdfff) {
      const next = i + 1 < text.length ? text.charCodeAt(i + 1) : 0
      if (code < 0xdc00 && next >= 0xdc00 && next <= 0xdfff) {
        i++
        code = 0x10000 + ((code - 0xd800) << 10) + (next - 0xdc00)
        bytes[at++] = 0xf0 | (code >> 18)
        bytes[at++] = 0x80 | ((code >> 12) & 63)
        bytes[at++] = 0x80 | ((code >> 6) & 63)
        bytes[at++] = 0x80 | (code & 63)
        continue
      }
      code = 0xfffd
    }
    bytes[at++] = 0xe0 | (code >> 12)
    bytes[at++] = 0x80 | ((code >> 6) & 63)
    bytes[at++] = 0x80 | (code & 63)
  }
  encodedLength = at
  return bytes
}
