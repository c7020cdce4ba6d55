import { carryOf, multiplyHigh } from './words64.js'

// MurmurHash3_x64_128 by Austin Appleby (public domain), on 32-bit halves. The running hash lives in one scratch
// of the module: no call allocates, and a result is valid until the next call.

const c1Low = 0x114253d5
const c1High = 0x87c37b91 | 0
const c2Low = 0x2745937f
const c2High = 0x4cf5ad43

const state = /* @__PURE__ */ new Int32Array(4)

/**
 * The last hash: h1 low, h1 high, h2 low, h2 high. The next hash overwrites it. As int32, because V8 allocates a number
 * object for each greater one that is handed to a function (2025).
 */
export const hashWords = state

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
  mixFirst(k1Low, k1High)
  advance(0, 27, 0x52dce729)
  mixSecond(k2Low, k2High)
  advance(2, 31, 0x38495ab5)
}

function mixTail(length: number, k1Low: number, k1High: number, k2Low: number, k2High: number): void {
  if (length > 8) mixSecond(k2Low, k2High)
  mixFirst(k1Low, k1High)
}

/** h1 ^= rotl(k c1, 31) c2 */
function mixFirst(kLow: number, kHigh: number): void {
  const low = Math.imul(kLow, c1Low)
  const high = multiplyHigh(kLow, kHigh, c1Low, c1High)
  const turned = (low << 31) | (high >>> 1)
  state[0]! ^= Math.imul(turned, c2Low)
  state[1]! ^= multiplyHigh(turned, (high << 31) | (low >>> 1), c2Low, c2High)
}

/** h2 ^= rotl(k c2, 33) c1 */
function mixSecond(kLow: number, kHigh: number): void {
  const low = Math.imul(kLow, c2Low)
  const high = multiplyHigh(kLow, kHigh, c2Low, c2High)
  const turned = (high << 1) | (low >>> 31)
  state[2]! ^= Math.imul(turned, c1Low)
  state[3]! ^= multiplyHigh(turned, (low << 1) | (high >>> 31), c1Low, c1High)
}

/** Of the half at 0 or 2: h = (rotl(h, bits) + the other half) * 5 + constant. */
function advance(at: number, bits: number, constant: number): void {
  const low = state[at]!
  const high = state[at + 1]!
  state[at] = (low << bits) | (high >>> (32 - bits))
  state[at + 1] = (high << bits) | (low >>> (32 - bits))
  addOther(at)
  const sum = state[at]!
  const fourth = sum << 2
  const fifth = (fourth + sum) | 0
  const last = (fifth + constant) | 0
  state[at + 1] =
    Math.imul(state[at + 1]!, 5) + (sum >>> 30) + carryOf(fourth, sum, fifth) + carryOf(fifth, constant, last)
  state[at] = last
}

/** Adds the other half to the half at 0 or 2. */
function addOther(at: number): void {
  const low = state[at]!
  const other = state[2 - at]!
  const sum = (low + other) | 0
  state[at + 1]! += state[3 - at]! + carryOf(low, other, sum)
  state[at] = sum
}

/** fmix64 of the half at 0 or 2; x ^= x >>> 33 touches only its low word. */
function mixFinally(at: number): void {
  let low = state[at]! ^ (state[at + 1]! >>> 1)
  let high = multiplyHigh(low, state[at + 1]!, 0xed558ccd | 0, 0xff51afd7 | 0)
  low = Math.imul(low, 0xed558ccd) ^ (high >>> 1)
  high = multiplyHigh(low, high, 0x1a85ec53, 0xc4ceb9fe | 0)
  state[at] = Math.imul(low, 0x1a85ec53) ^ (high >>> 1)
  state[at + 1] = high
}

function finish(length: number): void {
  state[0]! ^= length
  state[2]! ^= length
  addOther(0)
  addOther(2)
  mixFinally(0)
  mixFinally(2)
  addOther(0)
  addOther(2)
}
