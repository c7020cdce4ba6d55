import { backslash } from './bytes'

// A record of 24 bytes a wanted name: u64 the last eight bytes of the name in its quotes, u64 which bits of them
// count, u32 address of the name in its quotes, u32 its length in bytes, quotes included. Three records make a set;
// one that is not wanted has a word that no masked load equals.
export const recordSize: usize = 24

export function nameWord(record: usize): u64 {
  return load<u64>(record)
}

export function nameMask(record: usize): u64 {
  return load<u64>(record, 8)
}

export function nameLength(record: usize): u32 {
  return load<u32>(record, 20)
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
