import { carryOf, multiplyHigh } from './words64.js'

// MurmurHash3_x64_128 by Austin Appleby (public domain), on 32-bit halves. The running hash lives in one scratch
// of the module: no call allocates, and a result is valid until the next call.

const c1Low = 0x114253d5
const c1High = 0x87c37b91 | 0
const c2Low = 0x2745937f
const c2High = 0x4cf5ad43

const state = new Int32Array(4)

/** The last hash: h1 low, h1 high, h2 low, h2 high. The next hash overwrites it. */
export const hashWords = new Uint32Array(state.buffer)

/** Hashes `bytes[start..end)` into {@link hashWords}. */
export function hashBytes(bytes: Uint8Array, start: number, end: number, seed: number): void {
  begin(seed)
  let at = start
  for (const last = end - 16; at <= last; at += 16) {
    mixBlock(wordAt(bytes, at), wordAt(bytes, at + 4), wordAt(bytes, at + 8), wordAt(bytes, at + 12))
  }
  if (at < end) {
    mixTail(
      end - at,
      lastWordAt(bytes, at, end),
      lastWordAt(bytes, at + 4, end),
      lastWordAt(bytes, at + 8, end),
      lastWordAt(bytes, at + 12, end),
    )
  }
  finish(end - start)
}

/** Hashes eight bytes given as two words, the first four bytes in `low`. */
export function hashEightBytes(low: number, high: number, seed: number): void {
  begin(seed)
  mixTail(8, low, high, 0, 0)
  finish(8)
}

let codes = 0

/** Hashes a text of ASCII characters straight from its codes; false (and nothing hashed) when it holds any other. */
export function hashAscii(text: string, seed: number): boolean {
  begin(seed)
  codes = 0
  const end = text.length
  let at = 0
  for (const last = end - 16; at <= last; at += 16) {
    mixBlock(codesAt(text, at), codesAt(text, at + 4), codesAt(text, at + 8), codesAt(text, at + 12))
    if (codes > 127) return false
  }
  if (at < end) {
    mixTail(
      end - at,
      lastCodesAt(text, at, end),
      lastCodesAt(text, at + 4, end),
      lastCodesAt(text, at + 8, end),
      lastCodesAt(text, at + 12, end),
    )
    if (codes > 127) return false
  }
  finish(end)
  return true
}

function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
}

function lastWordAt(bytes: Uint8Array, at: number, end: number): number {
  if (at + 4 <= end) return wordAt(bytes, at)
  let word = 0
  for (let i = end - 1; i >= at; i--) word = (word << 8) | bytes[i]!
  return word
}

function codesAt(text: string, at: number): number {
  const a = text.charCodeAt(at)
  const b = text.charCodeAt(at + 1)
  const c = text.charCodeAt(at + 2)
  const d = text.charCodeAt(at + 3)
  codes |= a | b | c | d
  return a | (b << 8) | (c << 16) | (d << 24)
}

function lastCodesAt(text: string, at: number, end: number): number {
  if (at + 4 <= end) return codesAt(text, at)
  let word = 0
  for (let i = end - 1; i >= at; i--) {
    const code = text.charCodeAt(i)
    codes |= code
    word = (word << 8) | code
  }
  return word
}

function begin(seed: number): void {
  state[0] = seed
  state[1] = 0
  state[2] = seed
  state[3] = 0
}

function mixBlock(k1Low: number, k1High: number, k2Low: number, k2High: number): void {
  let h1Low = state[0]!
  let h1High = state[1]!
  let h2Low = state[2]!
  let h2High = state[3]!

  // k1 *= c1, rotl 31, *= c2; h1 ^= k1
  let low = Math.imul(k1Low, c1Low)
  let high = multiplyHigh(k1Low, k1High, c1Low, c1High)
  let turned = (low << 31) | (high >>> 1)
  high = (high << 31) | (low >>> 1)
  h1Low ^= Math.imul(turned, c2Low)
  h1High ^= multiplyHigh(turned, high, c2Low, c2High)
  // h1 = rotl(h1, 27) + h2
  turned = (h1Low << 27) | (h1High >>> 5)
  high = (h1High << 27) | (h1Low >>> 5)
  low = (turned + h2Low) | 0
  high = (high + h2High + carryOf(turned, h2Low, low)) | 0
  // h1 = h1 * 5 + 0x52dce729
  let fourth = low << 2
  let fifth = (fourth + low) | 0
  h1Low = (fifth + 0x52dce729) | 0
  h1High =
    (Math.imul(high, 5) + (low >>> 30) + carryOf(fourth, low, fifth) + carryOf(fifth, 0x52dce729, h1Low)) | 0

  // k2 *= c2, rotl 33, *= c1; h2 ^= k2
  low = Math.imul(k2Low, c2Low)
  high = multiplyHigh(k2Low, k2High, c2Low, c2High)
  turned = (high << 1) | (low >>> 31)
  high = (low << 1) | (high >>> 31)
  h2Low ^= Math.imul(turned, c1Low)
  h2High ^= multiplyHigh(turned, high, c1Low, c1High)
  // h2 = rotl(h2, 31) + h1
  turned = (h2Low << 31) | (h2High >>> 1)
  high = (h2High << 31) | (h2Low >>> 1)
  low = (turned + h1Low) | 0
  high = (high + h1High + carryOf(turned, h1Low, low)) | 0
  // h2 = h2 * 5 + 0x38495ab5
  fourth = low << 2
  fifth = (fourth + low) | 0
  h2Low = (fifth + 0x38495ab5) | 0
  h2High =
    (Math.imul(high, 5) + (low >>> 30) + carryOf(fourth, low, fifth) + carryOf(fifth, 0x38495ab5, h2Low)) | 0

  state[0] = h1Low
  state[1] = h1High
  state[2] = h2Low
  state[3] = h2High
}

function mixTail(length: number, k1Low: number, k1High: number, k2Low: number, k2High: number): void {
  if (length > 8) {
    const low = Math.imul(k2Low, c2Low)
    const high = multiplyHigh(k2Low, k2High, c2Low, c2High)
    const turned = (high << 1) | (low >>> 31)
    state[2]! ^= Math.imul(turned, c1Low)
    state[3]! ^= multiplyHigh(turned, (low << 1) | (high >>> 31), c1Low, c1High)
  }
  const low = Math.imul(k1Low, c1Low)
  const high = multiplyHigh(k1Low, k1High, c1Low, c1High)
  const turned = (low << 31) | (high >>> 1)
  state[0]! ^= Math.imul(turned, c2Low)
  state[1]! ^= multiplyHigh(turned, (high << 31) | (low >>> 1), c2Low, c2High)
}

function finish(length: number): void {
  let h1Low = state[0]! ^ length
  let h1High = state[1]!
  let h2Low = state[2]! ^ length
  let h2High = state[3]!

  let sum = (h1Low + h2Low) | 0
  h1High = (h1High + h2High + carryOf(h1Low, h2Low, sum)) | 0
  h1Low = sum
  sum = (h2Low + h1Low) | 0
  h2High = (h2High + h1High + carryOf(h2Low, h1Low, sum)) | 0
  h2Low = sum

  // fmix64 of both; x ^= x >>> 33 touches only the low half.
  h1Low ^= h1High >>> 1
  h1High = multiplyHigh(h1Low, h1High, 0xed558ccd | 0, 0xff51afd7 | 0)
  h1Low = Math.imul(h1Low, 0xed558ccd)
  h1Low ^= h1High >>> 1
  h1High = multiplyHigh(h1Low, h1High, 0x1a85ec53, 0xc4ceb9fe | 0)
  h1Low = Math.imul(h1Low, 0x1a85ec53)
  h1Low ^= h1High >>> 1

  h2Low ^= h2High >>> 1
  h2High = multiplyHigh(h2Low, h2High, 0xed558ccd | 0, 0xff51afd7 | 0)
  h2Low = Math.imul(h2Low, 0xed558ccd)
  h2Low ^= h2High >>> 1
  h2High = multiplyHigh(h2Low, h2High, 0x1a85ec53, 0xc4ceb9fe | 0)
  h2Low = Math.imul(h2Low, 0x1a85ec53)
  h2Low ^= h2High >>> 1

  sum = (h1Low + h2Low) | 0
  h1High = (h1High + h2High + carryOf(h1Low, h2Low, sum)) | 0
  h1Low = sum
  sum = (h2Low + h1Low) | 0
  h2High = (h2High + h1High + carryOf(h2Low, h1Low, sum)) | 0

  state[0] = h1Low
  state[1] = h1High
  state[2] = sum
  state[3] = h2High
}
