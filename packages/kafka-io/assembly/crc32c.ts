// CRC-32C without an instruction for it, at the speed of xor: a long message is folded to a short one of the same
// checksum, and tables are looked up for the short one only.
//
// The polynomial P divides x^5275 + x^4508 + x^2751 + 1 (the least such sum of four powers; a search over pairs finds
// it in seconds), hence also its 8th power, which over GF(2) is that sum with each exponent times 8. So a byte may be
// taken out of a message if it is added (xor) 767, 2,524 and 5,275 bytes further on: 5275 - 4508, 5275 - 2751, 5275.
// After Kadatch and Russell, "Chorba: A novel CRC32 implementation", 2024.

/** The Castagnoli polynomial, reflected (RFC 3720, appendix B.4). */
const polynomial: u32 = 0x82f63b78
const near: usize = 767
const middle: usize = 2524
const far: usize = 5275
/** Shorter messages are left to the tables. */
const shortest: usize = 2 * far

// Table k, at 1024 * k, advances a byte by k further bytes of zero.
const tables: usize = memory.data(16 * 1024, 16)

/** To be called once, before all else. */
export function makeTables(): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) !== 0 ? (crc >>> 1) ^ polynomial : crc >>> 1
    store<u32>(tables + ((<usize>byte) << 2), crc)
  }
  for (let k: usize = 1024; k < 16 * 1024; k += 4) {
    const crc = load<u32>(tables + k - 1024)
    store<u32>(tables + k, entry(0, crc & 255) ^ (crc >>> 8))
  }
}

/**
 * The checksum `crc`, inverted, goes on over `[from, to)`; it begins with all ones. The bytes are worked on in place:
 * they, and the 5,275 bytes before them, are others afterwards.
 */
export function advanceChecksum(crc: u32, from: usize, to: usize): u32 {
  if (to - from < shortest) return lookUp(crc, from, to)
  store<u32>(from, load<u32>(from) ^ crc)
  // What was taken out before the first byte: nothing.
  memory.fill(from - far, 0, far)
  const tail = to - far
  let p = from
  for (const end = tail - 63; p < end; p += 64) {
    fold(p)
    fold(p + 16)
    fold(p + 32)
    fold(p + 48)
  }
  for (; p < tail; p++) {
    store<u8>(p, load<u8>(p) ^ load<u8>(p - near) ^ load<u8>(p - middle) ^ load<u8>(p - far))
  }
  // The tail stays: it takes up what was taken out before it, and gives nothing on.
  take(tail, tail + near, near)
  take(tail, tail + middle, middle)
  take(tail, to, far)
  return lookUp(0, tail, to)
}

// Sixteen bytes take up what was taken out before them, to be taken out themselves.
// @ts-expect-error: decorator of the compiler
function fold(p: usize): void {
  const sum = v128.xor(
    v128.xor(v128.load(p), v128.load(p - near)),
    v128.xor(v128.load(p - middle), v128.load(p - far)),
  )
  v128.store(p, sum)
}

function take(from: usize, to: usize, distance: usize): void {
  let p = from
  for (; to - p >= 16; p += 16) v128.store(p, v128.xor(v128.load(p), v128.load(p - distance)))
  for (; p < to; p++) store<u8>(p, load<u8>(p) ^ load<u8>(p - distance))
}

// Slicing-by-16 (Kounavis and Berry, "Novel Table Lookup-Based Algorithms for High-Performance CRC Generation", 2008).
function lookUp(crc: u32, from: usize, to: usize): u32 {
  let p = from
  for (; to - p >= 16; p += 16) {
    const a = load<u64>(p) ^ <u64>crc
    const b = load<u64>(p, 8)
    crc =
      entry(15, <u32>a & 255) ^
      entry(14, <u32>(a >> 8) & 255) ^
      entry(13, <u32>(a >> 16) & 255) ^
      entry(12, <u32>(a >> 24) & 255) ^
      entry(11, <u32>(a >> 32) & 255) ^
      entry(10, <u32>(a >> 40) & 255) ^
      entry(9, <u32>(a >> 48) & 255) ^
      entry(8, <u32>(a >> 56)) ^
      entry(7, <u32>b & 255) ^
      entry(6, <u32>(b >> 8) & 255) ^
      entry(5, <u32>(b >> 16) & 255) ^
      entry(4, <u32>(b >> 24) & 255) ^
      entry(3, <u32>(b >> 32) & 255) ^
      entry(2, <u32>(b >> 40) & 255) ^
      entry(1, <u32>(b >> 48) & 255) ^
      entry(0, <u32>(b >> 56))
  }
  for (; p < to; p++) crc = entry(0, (crc ^ <u32>load<u8>(p)) & 255) ^ (crc >>> 8)
  return crc
}

// @ts-expect-error: decorator of the compiler
function entry(table: usize, byte: u32): u32 {
  return load<u32>(tables + (table << 10) + ((<usize>byte) << 2))
}
