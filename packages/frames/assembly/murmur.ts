const seed: u64 = 9001
const c1: u64 = ((<u64>0x87c37b91) << 32) | 0x114253d5
const c2: u64 = ((<u64>0x4cf5ad43) << 32) | 0x2745937f

/** MurmurHash3 x64_128 of `length` bytes at `p` as four words, h1 then h2, at `out`. Reads up to 15 bytes beyond. */
export function murmur3(p: usize, length: u32, out: usize): void {
  let h1 = seed
  let h2 = seed
  const blocksEnd = p + <usize>(length & ~15)
  for (; p < blocksEnd; p += 16) {
    h1 ^= mixFirst(load<u64>(p))
    h1 = (rotl(h1, 27) + h2) * 5 + 0x52dce729
    h2 ^= mixSecond(load<u64>(p, 8))
    h2 = (rotl(h2, 31) + h1) * 5 + 0x38495ab5
  }
  const tail = length & 15
  if (tail > 8) h2 ^= mixSecond(load<u64>(p, 8) & lowBytes(tail - 8))
  if (tail > 0) h1 ^= mixFirst(load<u64>(p) & lowBytes(tail))
  h1 ^= <u64>length
  h2 ^= <u64>length
  h1 += h2
  h2 += h1
  h1 = finalMix(h1)
  h2 = finalMix(h2)
  h1 += h2
  h2 += h1
  store<u64>(out, h1)
  store<u64>(out, h2, 8)
}

/** A mask of the lowest `count` bytes, 1 or more; all from 8 on. */
export function lowBytes(count: u32): u64 {
  return count >= 8 ? ~(<u64>0) : ((<u64>1) << (8 * count)) - 1
}

function mixFirst(k: u64): u64 {
  return rotl(k * c1, 31) * c2
}

function mixSecond(k: u64): u64 {
  return rotl(k * c2, 33) * c1
}

function finalMix(k: u64): u64 {
  k ^= k >> 33
  k *= ((<u64>0xff51afd7) << 32) | 0xed558ccd
  k ^= k >> 33
  k *= ((<u64>0xc4ceb9fe) << 32) | 0x1a85ec53
  return k ^ (k >> 33)
}
