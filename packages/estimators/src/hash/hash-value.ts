import { checkInteger, isBytes } from '../checks.js'
import type { Countable } from '../distinct-counter.js'
import { badOption, EstimatorError, shown, tagOf } from '../errors.js'
import { defaultSeed } from './default-seed.js'
import { wasmHasher } from './murmur3-wasm.js'
import { hashAscii, hashBytes, hashEightBytes, hashWords } from './murmur3-x64-128.js'
import { hashBytes32 } from './murmur3-x86-32.js'
import { encodedLength, encodeUtf8 } from './utf8.js'

/** Longer texts are hashed by the plain form: the copy into WebAssembly's memory would have no room. */
const mostWasmText = 65536

const eightBytes = new DataView(new ArrayBuffer(8))

/**
 * Hashes a value into `hashWords` as Apache DataSketches does: strings as UTF-8, bytes as they are, safe integers,
 * bigints and booleans as int64, other numbers as double with one NaN. -0 is 0.
 *
 * @throws EstimatorError `bad-value` for any other type and for a bigint outside of int64
 */
export function hashValue(value: Countable): void {
  if (typeof value === 'string') hashText(value, defaultSeed)
  else if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) hashEightBytes(value | 0, Math.floor(value / 4294967296), defaultSeed)
    else {
      eightBytes.setFloat64(0, value, true)
      // Engines may keep the bits of any NaN: all of them are one value here.
      if (Number.isNaN(value)) eightBytes.setBigInt64(0, 0x7ff8000000000000n, true)
      hashEightBytes(eightBytes.getInt32(0, true), eightBytes.getInt32(4, true), defaultSeed)
    }
  } else if (isBytes(value)) hashBytes(value, 0, value.length, defaultSeed)
  else if (typeof value === 'boolean') hashEightBytes(value ? 1 : 0, 0, defaultSeed)
  else if (typeof value === 'bigint') hashBigint(value)
  else {
    throw new EstimatorError(
      'bad-value',
      `expected a string, Uint8Array, number, bigint or boolean, found ${shown(value)}: turn it into one of these first`,
    )
  }
}

function hashBigint(value: bigint): void {
  if (value !== BigInt.asIntN(64, value)) {
    throw new EstimatorError(
      'bad-value',
      `expected a bigint of 64 bits with sign, found ${shown(value)}: add its text, or BigInt.asIntN(64, value)`,
    )
  }
  eightBytes.setBigInt64(0, value, true)
  hashEightBytes(eightBytes.getInt32(0, true), eightBytes.getInt32(4, true), defaultSeed)
}

function hashText(text: string, seed: number): void {
  if (
    wasmHasher !== null && text.length <= mostWasmText ? hashAsciiByWasm(text, seed) : hashAscii(text, seed)
  )
    return
  const bytes = encodeUtf8(text)
  hashBytes(bytes, 0, encodedLength, seed)
}

/** As `hashAscii`, by WebAssembly: nearly three times as fast where it is there. */
function hashAsciiByWasm(text: string, seed: number): boolean {
  const { input, words, hash } = wasmHasher!
  const length = text.length
  let codes = 0
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i)
    codes |= code
    input[i] = code
  }
  if (codes > 127) return false
  hash(length, seed)
  hashWords[0] = words[0]!
  hashWords[1] = words[1]!
  hashWords[2] = words[2]!
  hashWords[3] = words[3]!
  return true
}

/**
 * MurmurHash3 x64_128 of a text's UTF-8 or of bytes, as the four words that `addHash` takes: h1 low, h1 high,
 * h2 low, h2 high.
 *
 * @param seed unsigned, 32 bits; the counters' own, 9001, by default
 * @param into where the words go, at `offset`; a new array by default
 * @returns `into`
 * @throws EstimatorError `bad-value` for another value, `bad-option` for another seed or no room at `offset`
 */
export function murmur3x64128(
  value: string | Uint8Array,
  seed: number = defaultSeed,
  into: Uint32Array = new Uint32Array(4),
  offset = 0,
): Uint32Array {
  checkHashed(value, seed)
  if (tagOf(into) !== 'Uint32Array') throw badOption('into', 'a Uint32Array', into)
  checkInteger('offset', offset, 0, into.length - 4)
  if (typeof value === 'string') hashText(value, seed)
  else hashBytes(value, 0, value.length, seed)
  into[offset] = hashWords[0]!
  into[offset + 1] = hashWords[1]!
  into[offset + 2] = hashWords[2]!
  into[offset + 3] = hashWords[3]!
  return into
}

/**
 * MurmurHash3 x86_32 of a text's UTF-8 or of bytes, 0 to 2^32 - 1. No counter uses it.
 *
 * @param seed unsigned, 32 bits; 9001 by default
 * @throws EstimatorError `bad-value` for another value, `bad-option` for another seed
 */
export function murmur3x8632(value: string | Uint8Array, seed: number = defaultSeed): number {
  checkHashed(value, seed)
  if (typeof value !== 'string') return hashBytes32(value, 0, value.length, seed)
  const bytes = encodeUtf8(value)
  return hashBytes32(bytes, 0, encodedLength, seed)
}

function checkHashed(value: unknown, seed: unknown): void {
  checkInteger('seed', seed, 0, 0xffffffff)
  if (typeof value === 'string' || isBytes(value)) return
  throw new EstimatorError('bad-value', `expected a string or Uint8Array, found ${shown(value)}`)
}
