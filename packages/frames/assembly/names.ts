import { backslash, quote } from './bytes'
import { code, readEscape, storeUtf8 } from './escapes'

// A record of 40 bytes a wanted name: u64 the last eight bytes of the name in its quotes, u64 which bits of them
// count, u32 address of the name in its quotes, u32 its length in bytes, quotes included; then, for nested paths, u32 a
// bit for each path that ends with this name, u32 one for each that goes on within its object, u32 the set of names
// wanted there. Three records make a set, and the address of the set around it, if any; a set takes 128 bytes. What is
// not wanted has the address 0; it, and what cannot be spelled without an escape, has a word that no masked load equals.
export const recordSize: usize = 40

export function nameWord(record: usize): u64 {
  return load<u64>(record)
}

export function nameMask(record: usize): u64 {
  return load<u64>(record, 8)
}

export function nameLength(record: usize): u32 {
  return load<u32>(record, 20)
}

/** The paths that end with this name, a bit each. */
export function endingPaths(record: usize): u32 {
  return load<u32>(record, 24)
}

/** The paths that go on within this name's object. */
export function innerPaths(record: usize): u32 {
  return load<u32>(record, 28)
}

export function innerSet(record: usize): usize {
  return <usize>load<u32>(record, 32)
}

export function outerSet(set: usize): usize {
  return <usize>load<u32>(set, 120)
}

/** Whether the string closed by the quote at `close` is the name; its last eight bytes are known to agree. */
export function isName(close: usize, record: usize): bool {
  const length = <usize>nameLength(record)
  const open = close + 1 - length
  // A quote behind a backslash belongs to a longer string.
  if (<u32>load<u8>(open - 1) === backslash) return false
  const name = <usize>load<u32>(record, 16)
  for (let i: usize = 8; i < length; i++) {
    if (load<u8>(open + length - 1 - i) !== load<u8>(name + length - 1 - i)) return false
  }
  return true
}

let scratch: usize = 0

/** @param address 16 bytes to work in */
export function setNameScratch(address: usize): void {
  scratch = address
}

/** Whether the string between the quotes at `open` and `close` is the name, escapes decoded. */
export function spellsName(open: usize, close: usize, record: usize): bool {
  const quoted = <usize>load<u32>(record, 16)
  if (quoted === 0) return false
  let name = quoted + 1
  const end = quoted + <usize>nameLength(record) - 1
  let p = open + 1
  while (p < close) {
    if (<u32>load<u8>(p) !== backslash) {
      if (name === end || load<u8>(p) !== load<u8>(name)) return false
      p++
      name++
      continue
    }
    p = readEscape(p)
    if (p === 0) return false
    if (code < 0x80) {
      if (name === end || <u32>load<u8>(name) !== code) return false
      name++
      continue
    }
    const size = storeUtf8(scratch)
    if (size > end - name) return false
    for (let i: usize = 0; i < size; i++) if (load<u8>(scratch + i) !== load<u8>(name + i)) return false
    name += size
  }
  return name === end
}

/** The quote that opens the string which the one at bit `close` of the block at `p` closes; 0 if it is not behind `start`. */
export function openingQuote(p: usize, opening: u64, close: u64, start: usize): usize {
  const before = opening & (close - 1)
  if (before !== 0) return p + 63 - <usize>clz(before)
  // Within a string every quote has a backslash before it.
  for (let q = p - 1; q > start; q--) {
    if (<u32>load<u8>(q) === quote && <u32>load<u8>(q - 1) !== backslash) return q
  }
  return 0
}
