import { checkInteger, checkOptions, checkRows, checkWords, sigmasOf } from '../checks.js'
import { bytesOfJson, Counter } from '../counter.js'
import { type Bounds, type Countable, type CounterJson, objectOverhead } from '../distinct-counter.js'
import { cannotMerge, EstimatorError } from '../errors.js'
import { hashValue } from '../hash/hash-value.js'
import { hashWords } from '../hash/murmur3-x64-128.js'
import { multiplyHigh } from '../hash/words64.js'
import { corrupt, readHeader, writeHeader } from '../header.js'
import { linearBits, mostBits } from './linear-size.js'

/**
 * Either the bits, 8 to 2^32 - 8, rounded up to whole bytes; or how many values to expect, from 1, and the relative
 * standard error to allow, above 0 and below 1 (Whang et al., 1990, section 5).
 */
export type LinearCountingOptions = { bits: number } | { expected: number; error: number }

const bodyStart = 16
/** How often a normal variable is further away than 1, 2, 3 standard deviations. */
const missRates = [1, 0.3173, 0.0455, 0.0027]

/**
 * A bitmap: a value sets the bit floor(h1 m / 2^64) of m, and -m ln(zeros / m) is the estimate (Whang et al., 1990).
 * For fewer than about m values it is better than any sketch of the same size; beyond 5 m it collapses. It merges with
 * counters of as many bits only.
 *
 * Bytes: the header of eight bytes, m (u32), u32 zero, then the bits, the first in the lowest bit of the first byte.
 */
export class LinearCounting extends Counter {
  readonly kind = 'linear'
  readonly estimator = 'linear'
  /** @internal */
  private bytes: Uint8Array
  /** @internal */
  private zeros: number

  /** @throws EstimatorError `bad-option` */
  constructor(options: LinearCountingOptions) {
    super()
    checkOptions('LinearCounting', options, ['bits', 'expected', 'error'])
    const bits = 'bits' in options ? statedBits(options) : linearBits(options.expected, options.error)
    this.bytes = new Uint8Array(Math.ceil(bits / 8))
    this.zeros = this.bits
  }

  /** @throws EstimatorError `wrong-kind`, `wrong-version`, `corrupt-bytes` */
  static from(bytes: Uint8Array): LinearCounting {
    const view = readHeader(bytes, 'linear', bodyStart)
    const bits = view.getUint32(8, true)
    if (bits < 8 || bits % 8 !== 0 || bytes.length !== bodyStart + bits / 8) {
      throw corrupt('linear', `${bits} bits in whole bytes`, `${bytes.length - bodyStart} bytes`)
    }
    if (view.getUint32(4, true) !== 0 || view.getUint32(12, true) !== 0) {
      throw corrupt('linear', 'zeros from byte 4 to 7 and 12 to 15', 'others')
    }
    const counter = counterOf(bits)
    counter.bytes.set(bytes.subarray(bodyStart))
    counter.recount()
    return counter
  }

  /** Reads what `toJSON` returned. @throws EstimatorError `wrong-kind`, `wrong-version`, `corrupt-bytes` */
  static fromJSON(json: CounterJson): LinearCounting {
    return readCounter(bytesOfJson(json, 'linear'))
  }

  /** m: always a multiple of 8. */
  get bits(): number {
    return 8 * this.bytes.length
  }

  /** Whether every bit is set: then nothing is known but a lower bound. */
  get saturated(): boolean {
    return this.zeros === 0
  }

  add(value: Countable): void {
    hashValue(value)
    this.addWords(hashWords[0]!, hashWords[1]!, hashWords[2]!, hashWords[3]!)
  }

  addHash(w0: number, w1: number, w2: number, w3: number): void {
    checkWords(w0, w1, w2, w3)
    this.addWords(w0, w1, w2, w3)
  }

  /** @internal */
  addWords(w0: number, w1: number, _w2: number, _w3: number): void {
    const bits = this.bits | 0
    const product = Math.imul(w1, bits)
    const carried = multiplyHigh(w0, 0, bits, 0)
    const carry = (product >>> 0) + (carried >>> 0) > 0xffffffff ? 1 : 0
    const bit = (multiplyHigh(w1, 0, bits, 0) + carry) >>> 0
    const at = bit >>> 3
    const mask = 1 << (bit & 7)
    const byte = this.bytes[at]!
    if ((byte & mask) !== 0) return
    this.bytes[at] = byte | mask
    this.zeros--
  }

  addHashes(hashes: Uint32Array, from: number, to: number): void {
    checkRows(hashes, from, to)
    for (let at = 4 * from, end = 4 * to; at < end; at += 4)
      this.addWords(hashes[at]! | 0, hashes[at + 1]! | 0, 0, 0)
  }

  /** The estimate; m ln(2 m) when every bit is set. */
  count(): number {
    if (this.zeros === 0) return this.bits * Math.log(2 * this.bits)
    return this.zeros === this.bits ? 0 : -this.bits * Math.log(this.zeros / this.bits)
  }

  /** The standard error of `count()` in values: sqrt(m (e^t - t - 1)), t = count / m. Infinity when saturated. */
  standardError(): number {
    if (this.zeros === 0) return Number.POSITIVE_INFINITY
    const load = this.count() / this.bits
    return Math.sqrt(this.bits * (Math.expm1(load) - load))
  }

  /**
   * The lower bound allows for the bias of the estimate, (e^t - t - 1) / 2 values, and is never below the number of
   * bits set; the upper bound allows for one collision more, and is Infinity when every bit is set.
   */
  bounds(confidence = 0.95): Bounds {
    const sigmas = sigmasOf(confidence)
    const set = this.bits - this.zeros
    if (this.zeros === 0) return { lower: set, upper: Number.POSITIVE_INFINITY }
    const count = this.count()
    const error = sigmas * this.standardError()
    const load = count / this.bits
    const bias = (Math.expm1(load) - load) / 2
    // With few values a collision changes the count by a whole one, not by a fraction of the standard error.
    const collisions = (load * count) / 2
    const whole = collisions > missRates[sigmas]! ? 1 : 0
    return { lower: Math.max(set, count - bias - error), upper: Math.max(set, count + error + whole) }
  }

  /** @internal */
  protected mergeSame(other: this): void {
    if (other.bits !== this.bits)
      throw cannotMerge(`a LinearCounting of ${this.bits} bits`, `${other.bits} bits`)
    for (let at = 0; at < this.bytes.length; at++) this.bytes[at]! |= other.bytes[at]!
    this.recount()
  }

  mergeBytes(bytes: Uint8Array): void {
    this.mergeSame(readCounter(bytes) as this)
  }

  toBytes(): Uint8Array {
    return this.toCanonicalBytes()
  }

  toCanonicalBytes(): Uint8Array {
    const bytes = new Uint8Array(bodyStart + this.bytes.length)
    writeHeader(bytes, 'linear').setUint32(8, this.bits, true)
    bytes.set(this.bytes, bodyStart)
    return bytes
  }

  clone(): this {
    const copy = counterOf(this.bits)
    copy.bytes.set(this.bytes)
    copy.zeros = this.zeros
    return copy as this
  }

  clear(): void {
    this.bytes.fill(0)
    this.zeros = this.bits
  }

  memoryBytes(): number {
    return this.bytes.byteLength + objectOverhead
  }

  /** @internal */
  protected parameters() {
    return { bits: this.bits }
  }

  /** @internal */
  private recount(): void {
    let ones = 0
    for (const byte of this.bytes) {
      // Ones of a byte: sums in pairs, in nibbles, in all.
      const pairs = byte - ((byte >> 1) & 0x55)
      const nibbles = (pairs & 0x33) + ((pairs >> 2) & 0x33)
      ones += (nibbles + (nibbles >> 4)) & 15
    }
    this.zeros = this.bits - ones
  }
}

function statedBits(options: { bits: number; expected?: never; error?: never }): number {
  if ('expected' in options || 'error' in options) {
    throw new EstimatorError(
      'bad-option',
      'LinearCounting: expected either bits, or expected and error, found both',
    )
  }
  return checkInteger('bits', options.bits, 8, mostBits)
}

// A class that names itself within its body is renamed by bundlers (_LinearCounting), and users would see that.
function counterOf(bits: number): LinearCounting {
  return new LinearCounting({ bits })
}

function readCounter(bytes: Uint8Array): LinearCounting {
  return LinearCounting.from(bytes)
}
