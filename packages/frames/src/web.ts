/**
 * The web-standard globals this package uses, typed here: the ES library alone declares none of them, and the
 * DOM's or Node's declarations would let much more in than browsers, Deno, Bun and Node share.
 */
interface WebGlobals {
  TextDecoder: new (label: string, options: { ignoreBOM: boolean }) => { decode(bytes: Uint8Array): string }
  TextEncoder: new () => { encode(text: string): Uint8Array }
}

const web = globalThis as unknown as WebGlobals

// Without ignoreBOM the decoder would drop a byte order mark that the JSON grammar refuses.
const decoder = new web.TextDecoder('utf-8', { ignoreBOM: true })
const encoder = new web.TextEncoder()

/** The text of UTF-8 bytes; each invalid sequence becomes U+FFFD, a byte order mark stays. */
export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes)
}

/** The UTF-8 bytes of a text; a lone surrogate becomes EF BF BD. */
export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text)
}
