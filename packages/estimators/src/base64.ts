const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const form = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** Base64 with padding (RFC 4648, section 4): engines have it only as methods that are too new, or for strings. */
export function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const bits = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    text += alphabet[bits >>> 18]! + alphabet[(bits >>> 12) & 63]!
    text += at + 1 < bytes.length ? alphabet[(bits >>> 6) & 63]! : '='
    text += at + 2 < bytes.length ? alphabet[bits & 63]! : '='
  }
  return text
}

/** Null for a text that is not base64 with padding. */
export function fromBase64(text: string): Uint8Array | null {
  if (!form.test(text)) return null
  const codes = new Uint8Array(128)
  for (let code = 0; code < 64; code++) codes[alphabet.charCodeAt(code)] = code
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  for (let at = 0, from = 0; at < bytes.length; at += 3, from += 4) {
    let bits = 0
    for (let i = 0; i < 4; i++) bits = (bits << 6) | codes[text.charCodeAt(from + i)]!
    bytes[at] = bits >>> 16
    bytes[at + 1] = bits >>> 8
    bytes[at + 2] = bits
  }
  return bytes
}
