import { createKernel, type Kernel, roomFor } from '../wasm/kernel.js'

/** Bytes that go through the kernel at once: they stay in the cache between copying and summing. */
const pieceSize = 128 * 1024
/** The kernel uses 266 bytes before them. */
const front = 512
/** Fewer bytes are summed in JavaScript, which takes less time than copying them. */
const fewest = 64

/** The kernel, and the room for a piece in its memory; null where there is none. */
let kernel: { kernel: Kernel; piece: Uint8Array } | null | undefined

/**
 * CRC-32C of `bytes[from, to)`, as in Kafka's record batches.
 *
 * @returns an unsigned 32-bit number
 */
export function crc32c(bytes: Uint8Array, from = 0, to = bytes.length): number {
  if (kernel === undefined) kernel = openKernel()
  if (kernel === null || to - from < fewest) return crc32cByTables(bytes, from, to)
  const { piece } = kernel
  let crc = -1
  for (let at = from; at < to; at += pieceSize) {
    const length = Math.min(pieceSize, to - at)
    piece.set(bytes.subarray(at, at + length))
    crc = kernel.kernel.advanceChecksum(crc, piece.byteOffset, piece.byteOffset + length)
  }
  return ~crc >>> 0
}

function openKernel() {
  const opened = createKernel()
  if (opened === null) return null
  const address = roomFor(opened, front + pieceSize) + front
  opened.makeTables()
  return { kernel: opened, piece: new Uint8Array(opened.memory.buffer, address, pieceSize) }
}

// Slicing-by-8 (Kounavis and Berry, "Novel Table Lookup-Based Algorithms for High-Performance CRC Generation",
// 2008): eight bytes a step through eight tables. Node's zlib.crc32 is of the other polynomial.

/** The Castagnoli polynomial, reflected (RFC 3720, appendix B.4). */
const polynomial = 0x82f63b78

const tables = makeTables()

/** The same in JavaScript alone. */
export function crc32cByTables(bytes: Uint8Array, from: number, to: number): number {
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
