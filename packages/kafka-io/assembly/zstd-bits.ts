// Bitstreams of zstd are read backward (RFC 8878, 4.1): from the highest set bit of the last byte, which only marks
// the end, down to the first byte. A cursor is the address in bits of the next 57 bits; a window of at least these has
// the next bit topmost, so that reading is a shift, and zeros follow at the bottom.

/** The cursor where the stream that ends at `to` begins; 0: its last byte marks no end. */
export function cursorFrom(to: usize): u64 {
  const last = <u32>load<u8>(to - 1)
  return last === 0 ? 0 : ((<u64>(to - 1)) << 3) + 31 - clz<u32>(last) - width
}

/** The cursor of a stream that begins at `from` once all of it has been read; below it, more than that has been. */
export function cursorAtEnd(from: usize): u64 {
  return ((<u64>from) << 3) - width
}

/** The window of a cursor. */
export function windowAt(cursor: u64): u64 {
  return load<u64>(<usize>(cursor >> 3)) << (~cursor & 7)
}

/**
 * The first bits of a window, as many as the low six bits of `count` say: shifts go by these alone, so a field of a
 * table's entry can be passed as it is.
 */
export function firstBits(window: u64, count: u64): u64 {
  return (window >> 1) >> (count ^ 63)
}

const width: u64 = 57
