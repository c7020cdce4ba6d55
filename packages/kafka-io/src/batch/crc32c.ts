// Slicing-by-8 (Kounavis and Berry, "Novel Table Lookup-Based Algorithms for High-Performance CRC Generation",
// 2008): eight bytes a step through eight tables. Node's zlib.crc32 is of the other polynomial.

/** The Castagnoli polynomial, reflected (RFC 3720, appendix B.4). */
const polynomial = 0x82f63b78

const tables = makeTables()

/**
 * CRC-32C of `bytes[from, to)`, as Kafka's record batches carry it.
 *
 * @returns an unsigned 32-bit number
 */
export function crc32c(bytes: Uint8Array, from = 0, to = bytes.length): number {
  const t = tables
  let crc = -1
  let i = from
  for (const end = to - 7; i < end; i += 8) {
    crc ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)
    crc =
      t[1792 + (crc & 255)]! ^
      t[1536 + ((crc >>> 8) & 255)]! ^
      t[1280 + ((crc >>> 16) & 255)]! ^
      t[1024 + (crc >>> 24)]! ^
      t[768 + bytes[i + 4]!]! ^
      t[512 + bytes[i + 5]!]! ^
      t[256 + bytes[i + 6]!]! ^
      t[bytes[i + 7]!]!
  }
  for (; i < to; i++) crc = t[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8)
  return ~crc >>> 0
}

// Eight tables in one array: table k at 256 * k advances a byte by k further bytes of zero.
// Int32 on purpose: the values stay small integers of the engine's xor, never doubles.
function makeTables(): Int32Array {
  const all = new Int32Array(8 * 256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1
    all[byte] = crc
  }
  for (let i = 256; i < all.length; i++) all[i] = all[all[i - 256]! & 255]! ^ (all[i - 256]! >>> 8)
  return all
}
