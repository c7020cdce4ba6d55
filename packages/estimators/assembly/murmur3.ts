// biome-ignore-all lint/correctness/noPrecisionLoss: AssemblyScript has integers of 64 bits.
// MurmurHash3_x64_128 on 64-bit integers. Memory: 16 bytes for the last single hash, then (up to 1,024 rows at a time)
// the end of each key in the input, the hashes of the rows, and the input. src/hash/murmur3-wasm.ts states the same.

const INPUT: usize = 16 + 1024 * 4 + 1024 * 16
const ENDS: usize = 16
const ROWS: usize = 16 + 1024 * 4

const C1: u64 = 0x87c37b91114253d5
const C2: u64 = 0x4cf5ad432745937f

function fmix(k: u64): u64 {
  k = (k ^ (k >> 33)) * 0xff51afd7ed558ccd
  k = (k ^ (k >> 33)) * 0xc4ceb9fe1a85ec53
  return k ^ (k >> 33)
}

function murmur(start: usize, end: usize, seed: u32, into: usize): void {
  const length: u64 = end - start
  let h1: u64 = seed
  let h2: u64 = seed
  let at = start
  while (at + 16 <= end) {
    h1 ^= rotl(load<u64>(at) * C1, 31) * C2
    h1 = (rotl(h1, 27) + h2) * 5 + 0x52dce729
    h2 ^= rotl(load<u64>(at, 8) * C2, 33) * C1
    h2 = (rotl(h2, 31) + h1) * 5 + 0x38495ab5
    at += 16
  }
  const rest = <u64>(end - at)
  if (rest > 0) {
    // Memory goes on behind the input, so whole words can be loaded and the bytes that are not meant masked out.
    let k1 = load<u64>(at)
    if (rest > 8) {
      h2 ^= rotl((load<u64>(at, 8) & (~(<u64>0) >> (128 - 8 * rest))) * C2, 33) * C1
    } else {
      k1 &= ~(<u64>0) >> (64 - 8 * rest)
    }
    h1 ^= rotl(k1 * C1, 31) * C2
  }
  h1 ^= length
  h2 ^= length
  h1 += h2
  h2 += h1
  h1 = fmix(h1)
  h2 = fmix(h2)
  h1 += h2
  h2 += h1
  store<u64>(into, h1)
  store<u64>(into, h2, 8)
}

/** Hashes the first bytes of the input into the words at 0. */
export function hash(length: u32, seed: u32): void {
  murmur(INPUT, INPUT + length, seed, 0)
}

/** Hashes the keys of the input, the first from its start, each to its end, into as many rows. */
export function hashRows(count: u32, seed: u32): void {
  let start = INPUT
  for (let row: usize = 0; row < count; row++) {
    const end = INPUT + load<u32>(ENDS + 4 * row)
    murmur(start, end, seed, ROWS + 16 * row)
    start = end
  }
}
