import {
  checkInteger,
  checkOneOf,
  checkOptions,
  checkRows,
  checkWords,
  isBytes,
  sigmasOf,
} from '../checks.js'
import { bytesOfJson, Counter } from '../counter.js'
import { type Bounds, type Countable, type CounterJson, objectOverhead } from '../distinct-counter.js'
import { hashValue } from '../hash/hash-value.js'
import { hashWords } from '../hash/murmur3-x64-128.js'
import { couponEstimate } from './coupon-estimate.js'
import { Coupons } from './coupons.js'
import { type HllState, registersOf, unionOf, withPrecision, withType } from './hll-state.js'
import { type HllType, hllTypes } from './hll-type.js'
import { canonicalImage, writeImage } from './image.js'
import { readImage } from './read-image.js'
import { likelihoodEstimate, registerEstimate } from './register-estimate.js'
import { couponBounds, registerBounds } from './relative-error.js'

export const leastPrecision = 4
export const mostPrecision = 21

/** The size of a `HyperLogLog` and how it stores its registers. */
export interface HyperLogLogOptions {
  /**
   * log2 of the number of registers, 4 to 21; the standard error is sqrt(3 ln 2 - 1) / sqrt(2^precision), 1.04 over the
   * root (Flajolet et al., 2007). Default 14: .8 %.
   */
  precision?: number
  /** How registers are stored, default HLL_8: the fastest. HLL_4 takes half the bytes, HLL_6 three quarters. */
  type?: HllType
}

/**
 * HyperLogLog in the format of Apache DataSketches: up to 3/32 of 2^precision different coupons are kept as they are,
 * then registers. `count()` and `bounds()` are functions of the set of values alone; `hipCount()` is the more exact
 * estimate for a single stream that was never merged. A merge keeps the type and has the lower precision of both sides,
 * unless that one is empty.
 */
export class HyperLogLog extends Counter {
  readonly kind = 'hll'
  readonly estimator = 'hll'
  /** @internal */
  state: HllState

  /** @throws EstimatorError `bad-option` */
  constructor(options: HyperLogLogOptions = {}) {
    super()
    checkOptions('HyperLogLog', options, ['precision', 'type'])
    const { precision = 14, type = 'HLL_8' } = options
    checkInteger('precision', precision, leastPrecision, mostPrecision)
    checkOneOf('type', type, hllTypes)
    this.state = new Coupons(precision, type)
  }

  /** Reads an image of Apache DataSketches HLL. @throws EstimatorError `wrong-kind`, `wrong-version`, `corrupt-bytes` */
  static from(bytes: Uint8Array): HyperLogLog {
    return sketchOf(readImage(bytes))
  }

  /** Reads what `toJSON` returned. @throws EstimatorError `wrong-kind`, `wrong-version`, `corrupt-bytes` */
  static fromJSON(json: CounterJson): HyperLogLog {
    return sketchOf(readImage(bytesOfJson(json, 'hll')))
  }

  get precision(): number {
    return this.state.precision
  }

  get type(): HllType {
    return this.state.type
  }

  /** What the sketch holds: coupons in a list or a set, or registers. */
  get mode(): 'list' | 'set' | 'hll' {
    const state = this.state
    return state instanceof Coupons ? (state.isSet ? 'set' : 'list') : 'hll'
  }

  /** As in Apache DataSketches an empty string or array is no value and is ignored. */
  add(value: Countable): void {
    if (value === '' || (isBytes(value) && value.length === 0)) return
    hashValue(value)
    this.addWords(hashWords[0]!, hashWords[1]!, hashWords[2]!, hashWords[3]!)
  }

  addHash(w0: number, w1: number, w2: number, w3: number): void {
    checkWords(w0, w1, w2, w3)
    this.addWords(w0, w1, w2, w3)
  }

  /** @internal */
  addWords(w0: number, _w1: number, w2: number, w3: number): void {
    this.state.addHash(w0 | 0, w2 | 0, w3 | 0)
    if (this.state.isFull) this.state = registersOf(this.state as Coupons)
  }

  addHashes(hashes: Uint32Array, from: number, to: number): void {
    checkRows(hashes, from, to)
    this.addRows(hashes, from, to)
  }

  /** @internal As `addHashes`, of rows that are known to be there. */
  addRows(hashes: Uint32Array, from: number, to: number): void {
    const row = this.state.addHashes(hashes, from, to)
    if (!this.state.isFull) return
    this.state = registersOf(this.state as Coupons)
    this.state.addHashes(hashes, row, to)
  }

  count(): number {
    const state = this.state
    if (state instanceof Coupons) return couponEstimate(state.count)
    return registerEstimate(state.smallSum + state.largeSum, state.zeros, state.precision)
  }

  bounds(confidence = 0.95): Bounds {
    return this.boundsOf(this.count(), sigmasOf(confidence), false)
  }

  /** The most likely number: .2 % less error than `count()`, but not what Apache DataSketches reports after a merge. */
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
    const ordered = !(this.state instanceof Coupons || this.state.outOfOrder)
    return this.boundsOf(this.hipCount(), sigmasOf(confidence), ordered)
  }

  /** @internal */
  protected mergeSame(other: this): void {
    const [mineEmpty, theirsEmpty] = [isEmpty(this.state), isEmpty(other.state)]
    if (theirsEmpty && !mineEmpty) return
    if (mineEmpty && !theirsEmpty) this.state = new Coupons(other.precision, this.type)
    const precision = Math.min(this.precision, other.precision)
    const mine = precision < this.precision ? withPrecision(this.state, precision) : this.state
    const gadget = this.type === 'HLL_8' ? mine : withType(mine, 'HLL_8')
    const union = unionOf(gadget, other.state, precision)
    if (!(union instanceof Coupons)) union.settle()
    this.state = this.type === 'HLL_8' ? union : withType(union, this.type)
  }

  mergeBytes(bytes: Uint8Array): void {
    this.mergeSame(sketchOf(readImage(bytes)) as this)
  }

  /**
   * A copy at the same or a lower precision, its registers stored as `type`.
   *
   * @throws EstimatorError `bad-option`
   */
  converted(options: HyperLogLogOptions): HyperLogLog {
    checkOptions('HyperLogLog.converted', options, ['precision', 'type'])
    const { precision = this.precision, type = this.type } = options
    checkInteger('precision', precision, leastPrecision, this.precision)
    checkOneOf('type', type, hllTypes)
    const state = precision < this.precision ? withPrecision(this.state, precision) : this.state
    return sketchOf(withType(state, type))
  }

  /**
   * The image as Apache DataSketches for Java writes it after the same calls.
   *
   * @param form `updatable` holds hash tables with their free places, as Spark writes them; default `compact`
   * @throws EstimatorError `bad-option`
   */
  toBytes(form: 'compact' | 'updatable' = 'compact'): Uint8Array {
    checkOneOf('form', form, ['compact', 'updatable'])
    return writeImage(this.state, form === 'compact')
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
    return precision === this.precision
      ? this.toCanonicalBytes()
      : this.converted({ precision }).toCanonicalBytes()
  }

  clone(): this {
    return sketchOf(this.state.clone()) as this
  }

  clear(): void {
    this.state = new Coupons(this.precision, this.type)
  }

  memoryBytes(): number {
    const state = this.state
    return (state instanceof Coupons ? state.places.byteLength : state.byteLength) + 2 * objectOverhead
  }

  /** @internal */
  protected parameters() {
    return { precision: this.precision, type: this.type }
  }

  /** @internal */
  private boundsOf(estimate: number, sigmas: 1 | 2 | 3, ordered: boolean): Bounds {
    const state = this.state
    if (state instanceof Coupons) return couponBounds(state.count, estimate, sigmas)
    const hit = 2 ** state.precision - state.zeros
    return registerBounds(estimate, state.precision, hit, sigmas, ordered)
  }
}

// A class that names itself within its body is renamed by bundlers (_HyperLogLog), and users would see that.

/** The sketch of a state, which it takes over. */
export function sketchOf(state: HllState): HyperLogLog {
  const sketch = new HyperLogLog()
  sketch.state = state
  return sketch
}

function isEmpty(state: HllState): boolean {
  return state instanceof Coupons && state.count === 0
}
