const seed = 9001

// 64-bit results leave a function through these two: a returned pair would be an object per call.
let high = 0
let low = 0

/**
 * MurmurHash3 x64_128 with seed 9001 (Austin Appleby, MurmurHash3.cpp; the seed is DataSketches' default) of
 * `bytes[start, start + length)`, on 32-bit limbs, since BigInt arithmetic allocates.
 *
 * Writes four words to `out[at .. at + 3]`: low and high half of h1, then of h2, which read as little-endian
 * bytes are the digest as the reference prints it.
 */
export function murmur3(
  bytes: Uint8Array,
  start: number,
  length: number,
  out: Uint32Array,
  at: number,
): void {
  let h1High = 0
  let h1Low = seed
  let h2High = 0
  let h2Low = seed
  const blocksEnd = start + (length & ~15)
  for (let i = start; i < blocksEnd; i += 16) {
    mixFirst(word(bytes, i + 4), word(bytes, i))
    high ^= h1High
    low ^= h1Low
    rotateLeft(27)
    add(h2High, h2Low)
    timesFive(0x52dce729)
    h1High = high
    h1Low = low
    mixSecond(word(bytes, i + 12), word(bytes, i + 8))
    high ^= h2High
    low ^= h2Low
    rotateLeft(31)
    add(h1High, h1Low)
    timesFive(0x38495ab5)
    h2High = high
    h2Low = low
  }
  const tail = length & 15
  if (tail > 8) {
    mixSecond(tailWord(bytes, blocksEnd + 12, tail - 12), tailWord(bytes, blocksEnd + 8, tail - 8))
    h2High ^= high
    h2Low ^= low
  }
  if (tail > 0) {
    mixFirst(tailWord(bytes, blocksEnd + 4, tail - 4), tailWord(bytes, blocksEnd, tail))
    h1High ^= high
    h1Low ^= low
  }
  // A line is far shorter than 2^32 bytes, so the length has no high half.
  high = h1High
  low = h1Low ^ length
  h2Low ^= length
  add(h2High, h2Low)
  h1High = high
  h1Low = low
  add(h2High, h2Low)
  finalMix()
  h2High = high
  h2Low = low
  high = h1High
  low = h1Low
  finalMix()
  add(h2High, h2Low)
  out[at] = low
  out[at + 1] = high
  add(h2High, h2Low)
  out[at + 2] = low
  out[at + 3] = high
}

function word(bytes: Uint8Array, i: number): number {
  return bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)
}

function tailWord(bytes: Uint8Array, i: number, count: number): number {
  if (count >= 4) return word(bytes, i)
  let value = 0
  for (let k = count - 1; k >= 0; k--) value = (value << 8) | bytes[i + k]!
  return value
}

/** k1 *= c1; k1 = rotl(k1, 31); k1 *= c2 */
function mixFirst(kHigh: number, kLow: number): void {
  high = kHigh
  low = kLow
  multiply(0x87c37b91, 0x114253d5)
  rotateLeft(31)
  multiply(0x4cf5ad43, 0x2745937f)
}

/** k2 *= c2; k2 = rotl(k2, 33); k2 *= c1 */
function mixSecond(kHigh: number, kLow: number): void {
  high = kHigh
  low = kLow
  multiply(0x4cf5ad43, 0x2745937f)
  // Rotating by 33 = 32 + 1: the halves change places first.
  const kept = high
  high = low
  low = kept
  rotateLeft(1)
  multiply(0x87c37b91, 0x114253d5)
}

function finalMix(): void {
  low ^= high >>> 1
  multiply(0xff51afd7, 0xed558ccd)
  low ^= high >>> 1
  multiply(0xc4ceb9fe, 0x1a85ec53)
  low ^= high >>> 1
}

/** By 1 to 31 bits. */
function rotateLeft(bits: number): void {
  const kept = high
  high = (high << bits) | (low >>> (32 - bits))
  low = (low << bits) | (kept >>> (32 - bits))
}

function add(otherHigh: number, otherLow: number): void {
  const sum = (low >>> 0) + (otherLow >>> 0)
  high = (high + otherHigh + (sum > 0xffffffff ? 1 : 0)) | 0
  low = sum | 0
}

function timesFive(plus: number): void {
  const fivefold = (low >>> 0) * 5 + plus
  high = (Math.imul(high, 5) + Math.floor(fivefold / 0x100000000)) | 0
  low = fivefold | 0
}

function multiply(otherHigh: number, otherLow: number): void {
  const a0 = low & 0xffff
  const a1 = low >>> 16
  const b0 = otherLow & 0xffff
  const b1 = otherLow >>> 16
  const middle = a1 * b0 + ((a0 * b0) >>> 16)
  const carry = a0 * b1 + (middle & 0xffff)
  high =
    (a1 * b1 + (middle >>> 16) + (carry >>> 16) + Math.imul(high, otherLow) + Math.imul(low, otherHigh)) | 0
  low = Math.imul(low, otherLow)
}
