// Of the standard global only what is used, so that no platform's types are needed.
declare const TextEncoder: new () => {
  encodeInto(text: string, into: Uint8Array): { written: number }
}

const encoder = /* @__PURE__ */ new TextEncoder()
const reused = /* @__PURE__ */ new Uint8Array(3072)

/** How many bytes of the array that {@link encodeUtf8} returned last are the text. */
export let encodedLength = 0

/**
 * The UTF-8 of a text in the first {@link encodedLength} bytes of the returned array, valid until the next call.
 * A surrogate without its partner becomes U+FFFD, as DataSketches for Java has it.
 */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = text.length * 3 <= reused.length ? reused : new Uint8Array(text.length * 3)
  encodedLength = encoder.encodeInto(text, bytes).written
  return bytes
}
