// Blocks of LZ4 (github.com/lz4/lz4, doc/lz4_Block_format.md), sixteen bytes at a time: copies write up to 31 bytes
// beyond their end, and read up to 15 beyond the input, so the memory goes on behind both.

/** Results below this are no addresses but what is wrong with the block. */
export const endsWithinLength: usize = 1
export const endsWithinLiterals: usize = 2
export const endsWithinOffset: usize = 3
export const copiesFromBeforeStart: usize = 4
export const isFull: usize = 5

/**
 * Decodes the block `[from, to)` to `out`. Matches may reach back to `start`, where the frame's output begins.
 *
 * @returns the end of what was written, at most `end`; or what is wrong
 */
export function decodeLz4(from: usize, to: usize, start: usize, out: usize, end: usize): usize {
  let p = from
  while (p < to) {
    const token = <usize>load<u8>(p++)
    let literals = token >> 4
    if (literals < 15) {
      // No more than one copy takes along.
      if (literals > to - p) return endsWithinLiterals
      if (literals > end - out) return isFull
      v128.store(out, v128.load(p))
    } else {
      let more: usize
      do {
        if (p >= to) return endsWithinLength
        more = <usize>load<u8>(p++)
        literals += more
      } while (more === 255)
      if (literals > to - p) return endsWithinLiterals
      if (literals > end - out) return isFull
      for (let i: usize = 0; i < literals; i += 16) v128.store(out + i, v128.load(p + i))
    }
    p += literals
    out += literals
    if (p === to) return out
    if (to - p < 2) return endsWithinOffset
    const distance = <usize>load<u16>(p)
    p += 2
    if (distance === 0 || distance > out - start) return copiesFromBeforeStart
    let length = (token & 15) + 4
    const source = out - distance
    // Nor are most matches longer than what is copied without asking.
    if (length < 19 && distance >= 16 && end - out >= 32) {
      v128.store(out, v128.load(source))
      store<u16>(out, load<u16>(source, 16), 16)
      out += length
      continue
    }
    if (length === 19) {
      let more: usize
      do {
        if (p >= to) return endsWithinLength
        more = <usize>load<u8>(p++)
        length += more
      } while (more === 255)
    }
    if (length > end - out) return isFull
    if (distance >= 16) {
      for (let i: usize = 0; i < length; i += 16) v128.store(out + i, v128.load(source + i))
    } else if (distance >= 8) {
      for (let i: usize = 0; i < length; i += 8) store<u64>(out + i, load<u64>(source + i))
    } else {
      for (let i: usize = 0; i < length; i++) store<u8>(out + i, load<u8>(source + i))
    }
    out += length
  }
  return out
}
