import { backslash, quote, space } from './bytes'
import { readEscape, storeUtf8 } from './escapes'

/** Bytes of decoded text that there is room for; as in src/scanner/scanner-layout.ts. */
const room: usize = 4096

/** The text decoded last. */
export let decoded: usize = 0

/** @param address of the room, and 16 bytes more */
export function setDecodedText(address: usize): void {
  decoded = address
}

/**
 * Decodes the string whose content begins at `p`: escapes become UTF-8, other bytes stay as they are.
 *
 * @returns the length; -1 where the string is no JSON or there is no room for it
 */
export function decodeText(p: usize): i32 {
  let out = decoded
  const end = out + room - 4
  while (out < end) {
    const byte = <u32>load<u8>(p)
    if (byte === backslash) {
      p = readEscape(p)
      if (p === 0) return -1
      out += storeUtf8(out)
    } else {
      if (byte === quote) return <i32>(out - decoded)
      if (byte < space) return -1
      store<u8>(out++, <u8>byte)
      p++
    }
  }
  return -1
}
