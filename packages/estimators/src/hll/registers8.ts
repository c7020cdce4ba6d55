import { registerValue, slotBits } from './coupon.js'
import { mostRegister } from './hll-type.js'
import { Registers } from './registers.js'

/** One byte a register: the form that unions and canonical bytes use. */
export class Registers8 extends Registers {
  readonly type = 'HLL_8'
  private readonly values: Uint8Array
  /**
   * Images of unions state sums that are off by this many, up in the first and down in the second: upstream takes the 1
   * that a register from 32 on no longer holds from the wrong sum when it derives both (datasketches-java 6.2.0).
   */
  misplaced = 0
  /**
   * Until an image or an estimate is asked for, a union leaves the sums and the least register as they were before it.
   * HIP goes on with these; it estimates nothing any more, but images state it.
   */
  private isOpen = false

  constructor(precision: number, values: Uint8Array = new Uint8Array(2 ** precision)) {
    super(precision)
    this.values = values
  }

  /** A copy of any registers at their precision, or folded to a lower one; the HIP estimate stays what it was. */
  static of(source: Registers, precision: number = source.precision): Registers8 {
    if (precision === source.precision) {
      if (source instanceof Registers8) return source.clone()
      const copy = new Registers8(precision, source.expand().slice())
      copy.takeSums(source)
      return copy
    }
    const folded = new Registers8(precision)
    folded.raiseAll(source.expand())
    folded.hip = source.hip
    folded.outOfOrder = source.outOfOrder
    return folded
  }

  get byteLength(): number {
    return this.values.byteLength
  }

  addCoupon(coupon: number): void {
    const slot = coupon & (this.values.length - 1)
    const value = coupon >>> slotBits
    if (value > this.values[slot]!) this.raise(slot, value)
  }

  addHash(w0: number, w2: number, w3: number): void {
    const slot = w0 & (this.values.length - 1)
    const value = registerValue(w2, w3)
    if (value > this.values[slot]!) this.raise(slot, value)
  }

  addHashes(hashes: Uint32Array, from: number, to: number): number {
    const values = this.values
    const mask = values.length - 1
    // The common case, a register that is high enough, touches nothing else.
    for (let at = 4 * from, end = 4 * to; at < end; at += 4) {
      const slot = hashes[at]! & mask
      const high = hashes[at + 3]!
      const value =
        high !== 0 ? Math.clz32(high) + 1 : Math.min(Math.clz32(hashes[at + 2]!) + 33, mostRegister)
      if (value > values[slot]!) this.raise(slot, value)
    }
    return to
  }

  /**
   * Keeps the greater of each register of both; the other's precision is the same or higher. Must be settled before
   * anything but another union or coupon.
   */
  union(other: Registers): void {
    const values = this.values
    const others = other.expand()
    const mask = values.length - 1
    for (let slot = 0; slot < others.length; slot++) {
      if (others[slot]! > values[slot & mask]!) values[slot & mask] = others[slot]!
    }
    this.hip = 0
    this.outOfOrder = true
    this.isOpen = true
  }

  override settle(): void {
    if (!this.isOpen) {
      super.settle()
      return
    }
    this.isOpen = false
    const histogram = this.histogram()
    this.recount(histogram)
    this.recountLeast(histogram)
    this.misplaced = this.countHigh(histogram)
  }

  /** How many registers count towards the second sum. */
  countHigh(histogram: Uint32Array = this.histogram()): number {
    return histogram.subarray(32).reduce((sum, count) => sum + count, 0)
  }

  get(slot: number): number {
    return this.values[slot]!
  }

  expand(): Uint8Array {
    return this.values
  }

  clone(): Registers8 {
    const copy = new Registers8(this.precision, this.values.slice())
    copy.takeSums(this)
    copy.least = this.least
    copy.atLeast = this.atLeast
    copy.misplaced = this.misplaced
    copy.isOpen = this.isOpen
    return copy
  }

  private raiseAll(others: Uint8Array): void {
    const values = this.values
    const mask = values.length - 1
    for (let slot = 0; slot < others.length; slot++) {
      const value = others[slot]!
      const old = values[slot & mask]!
      if (value <= old) continue
      values[slot & mask] = value
      this.moveSums(old, value)
    }
  }

  private raise(slot: number, value: number): void {
    const old = this.values[slot]!
    this.values[slot] = value
    this.account(old, value)
  }
}
