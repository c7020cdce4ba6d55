// CRC-32C without an instruction for it, at the speed of xor: a long message is folded to a short one of the same
// checksum, and tables are looked up for the short one only.
//
// The polynomial P divides x^266 + x^143 + x^121 + x^88 + x^71 + 1 (a search over triples and pairs finds such sums in
// seconds), hence also its 8th power, which over GF(2) is that sum with each exponent times 8. So a byte may be taken
// out of a message if it is added (xor) 123, 145, 178, 195 and 266 bytes further on: 266 - 143, 266 - 121 and so on.
// Sums of four powers begin at x^5275, which leaves more to the tables; nearer ones would wait for bytes just written.
// After Kadatch and Russell, "Chorba: A novel CRC32 implementation", 2024.

/** The Castagnoli polynomial, reflected (RFC 3720, appendix B.4). */
const polynomial: u32 = 0x82f63b78
/** The distances at which a byte is added. */
const first: usize = 123
const second: usize = 145
const third: usize = 178
const fourth: usize = 195
const last: usize = 266
/** Shorter messages are left to the tables. */
const shortest: usize = 2 * last

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
 * they, and the 266 bytes before them, are others afterwards.
 */
export function advanceChecksum(crc: u32, from: usize, to: usize): u32 {
  if (to - from < shortest) return lookUp(crc, from, to)
  store<u32>(from, load<u32>(from) ^ crc)
  // What was taken out before the first byte: nothing.
  memory.fill(from - last, 0, last)
  const tail = to - last
  let p = from
  for (const end = tail - 63; p < end; p += 64) {
    fold(p)
    fold(p + 16)
    fold(p + 32)
    fold(p + 48)
  }
  for (; p < tail; p++) {
    const sum = load<u8>(p - first) ^ load<u8>(p - second) ^ load<u8>(p - third)
    store<u8>(p, load<u8>(p) ^ sum ^ load<u8>(p - fourth) ^ load<u8>(p - last))
  }
  // The tail stays: it takes up what was taken out before it, and gives nothing on.
  take(tail, tail + first, first)
  take(tail, tail + second, second)
  take(tail, tail + third, third)
  take(tail, tail + fourth, fourth)
  take(tail, to, last)
  return lookUp(0, tail, to)
}

// Sixteen bytes take up what was taken out before them, to be taken out themselves.
function fold(p: usize): void {
  const sum = v128.xor(v128.load(p), v128.load(p - first))
  const more = v128.xor(v128.load(p - second), v128.load(p - third))
  v128.store(p, v128.xor(v128.xor(sum, more), v128.xor(v128.load(p - fourth), v128.load(p - last))))
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

function entry(table: usize, byte: u32): u32 {
  return load<u32>(tables + (table << 10) + ((<usize>byte) << 2))
}
