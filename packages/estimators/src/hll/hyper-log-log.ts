import {
  type Bounds,
  type Countable,
  checkInteger,
  type DistinctCounter,
  objectOverhead,
  sigmasOf,
} from '../distinct-counter.js'
import { EstimatorError } from '../errors.js'
import { hashValue } from '../hash/hash-value.js'
import { hashWords } from '../hash/murmur3-x64-128.js'
import { couponOf, slotBits } from './coupon.js'
import { couponEstimate } from './coupon-estimate.js'
import { Coupons } from './coupons.js'
import { canonicalImage, type HllState, readImage, writeImage } from './image.js'
import { correctedEstimate, likelihoodEstimate } from './register-estimate.js'
import { Registers8 } from './registers8.js'
import { couponBounds, registerBounds } from './relative-error.js'

export const leastPrecision = 4
export const mostPrecision = 21

export interface HyperLogLogOptions {
  /** log2 of the number of registers, 4 to 21; the standard error is 1.04 / sqrt(2^precision). Default 14: .8 %. */
  precision?: number
}

/**
 * HyperLogLog in the format of Apache DataSketches: up to 3/32 of 2^precision different coupons are kept as they are,
 * then registers. `count()` and `bounds()` are functions of the set of values alone; `hipCount()` is the more exact
 * estimate for a single stream that was never merged.
 */
export class HyperLogLog implements DistinctCounter {
  readonly kind = 'hll'
  readonly estimator = 'hll'
  private state: HllState

  /** @throws EstimatorError `bad-option` */
  constructor(options: HyperLogLogOptions = {}) {
    const precision = checkInteger('precision', options.precision ?? 14, leastPrecision, mostPrecision)
    this.state = new Coupons(precision)
  }

  /** Reads an image of Apache DataSketches HLL. @throws EstimatorError `wrong-kind`, `wrong-version`, `corrupt-bytes` */
  static from(bytes: Uint8Array): HyperLogLog {
    const counter = new HyperLogLog()
    counter.state = readImage(bytes)
    return counter
  }

  get precision(): number {
    return this.state.precision
  }

  /** What the sketch holds: coupons in a list or a set, or registers. */
  get mode(): 'list' | 'set' | 'hll' {
    const state = this.state
    return state instanceof Coupons ? (state.isSet ? 'set' : 'list') : 'hll'
  }

  /** As in Apache DataSketches an empty string or array is no value and is ignored. */
  add(value: Countable): void {
    if (value === '' || (value instanceof Uint8Array && value.length === 0)) return
    hashValue(value)
    this.addHash(hashWords[0]!, hashWords[1]!, hashWords[2]!, hashWords[3]!)
  }

  addHash(w0: number, _w1: number, w2: number, w3: number): void {
    this.addCoupon(couponOf(w0, w2, w3))
  }

  addHashes(hashes: Uint32Array, from: number, to: number): void {
    let row = from
    for (; row < to && this.state instanceof Coupons; row++) {
      this.addCoupon(couponOf(hashes[4 * row]!, hashes[4 * row + 2]!, hashes[4 * row + 3]!))
    }
    if (row < to) (this.state as Registers8).addHashes(hashes, row, to)
  }

  count(): number {
    const state = this.state
    if (state instanceof Coupons) return couponEstimate(state.count)
    return correctedEstimate(state.histogram(), state.precision)
  }

  bounds(confidence = 0.95): Bounds {
    return this.boundsOf(this.count(), sigmasOf(confidence), false)
  }

  /** The most likely number: .2 % less error than `count()`, further from what Apache DataSketches reports. */
  likelihoodCount(): number {
    const state = this.state
    if (state instanceof Coupons) return couponEstimate(state.count)
    return likelihoodEstimate(state.histogram(), state.precision)
  }

  /**
   * The HIP estimate, as Apache DataSketches reports it for a sketch that was fed by one stream: its standard error is
   * .833 / sqrt(2^precision). It depends on the order of arrival. After a merge of registers it is `count()`.
   */
  hipCount(): number {
    const state = this.state
    return state instanceof Coupons || state.outOfOrder ? this.count() : state.hip
  }

  /** The bounds of `hipCount()`. */
  hipBounds(confidence = 0.95): Bounds {
    const ordered = this.state instanceof Registers8 && !this.state.outOfOrder
    return this.boundsOf(this.hipCount(), sigmasOf(confidence), ordered)
  }

  /** The result has the lower precision of both. */
  merge(other: DistinctCounter): void {
    if (!(other instanceof HyperLogLog)) {
      throw new EstimatorError('cannot-merge', `expected a HyperLogLog to merge with, found "${other.kind}"`)
    }
    const precision = Math.min(this.precision, other.precision)
    const theirs = other.state
    const mine = this.atPrecision(precision)
    this.state = mine
    if (theirs instanceof Coupons) {
      const coupons = theirs === mine ? [] : theirs.toArray()
      for (const coupon of coupons) this.addCoupon(coupon)
    } else if (mine instanceof Coupons) {
      this.state = theirs.fold(precision)
      mine.forEach((coupon) => {
        this.addCoupon(coupon)
      })
    } else mine.union(theirs)
  }

  /** The same sketch at the same or a lower precision. @throws EstimatorError `bad-option` */
  reduced(precision: number): HyperLogLog {
    checkInteger('precision', precision, leastPrecision, this.precision)
    const copy = new HyperLogLog()
    copy.state = precision === this.precision ? this.state.clone() : this.atPrecision(precision)
    return copy
  }

  /** The compact image as Apache DataSketches for Java writes it after the same calls. */
  toBytes(): Uint8Array {
    return writeImage(this.state)
  }

  /**
   * The compact HLL_8 image with coupons ascending, or registers marked as out of order with no HIP estimate: one
   * string of bytes for one set of values.
   */
  toCanonicalBytes(): Uint8Array {
    return canonicalImage(this.state)
  }

  /** The canonical image at the same or a lower precision. @throws EstimatorError `bad-option` */
  toHllImage(precision: number = this.precision): Uint8Array {
    return precision === this.precision ? this.toCanonicalBytes() : this.reduced(precision).toCanonicalBytes()
  }

  clone(): this {
    const copy = new HyperLogLog()
    copy.state = this.state.clone()
    return copy as this
  }

  clear(): void {
    this.state = new Coupons(this.precision)
  }

  memoryBytes(): number {
    const state = this.state
    const array = state instanceof Coupons ? state.places : state.values
    return array.byteLength + objectOverhead
  }

  private addCoupon(coupon: number): void {
    const state = this.state
    if (state instanceof Registers8) {
      state.update(coupon & (state.values.length - 1), coupon >>> slotBits)
    } else if (state.add(coupon)) this.state = registersOf(state)
  }

  private atPrecision(precision: number): HllState {
    const state = this.state
    if (state.precision === precision) return state
    if (state instanceof Registers8) return state.fold(precision)
    const copy = new HyperLogLog({ precision })
    state.forEach((coupon) => {
      copy.addCoupon(coupon)
    })
    return copy.state
  }

  private boundsOf(estimate: number, sigmas: 1 | 2 | 3, ordered: boolean): Bounds {
    const state = this.state
    if (state instanceof Coupons) return couponBounds(state.count, estimate, sigmas)
    const hit = state.least === 0 ? state.values.length - state.atLeast : state.values.length
    return registerBounds(estimate, state.precision, hit, sigmas, ordered)
  }
}

/** Registers fed with the coupons in order of their places; HIP goes on from the estimate of the coupons. */
function registersOf(coupons: Coupons): Registers8 {
  const registers = new Registers8(coupons.precision)
  const mask = registers.values.length - 1
  coupons.forEach((coupon) => {
    registers.update(coupon & mask, coupon >>> slotBits)
  })
  registers.hip = couponEstimate(coupons.count)
  return registers
}
