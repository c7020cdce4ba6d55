import { couponOf, slotBits } from './coupon.js'
import { Exceptions, leastExceptionBits } from './exceptions.js'
import { Registers } from './registers.js'

/** A nibble of 15 says that the value stands in the table of exceptions. */
export const exceptionNibble = 15

/**
 * Four bits a register: its distance above the least register, the even slot in the low half of a byte. Every step is
 * taken as Apache DataSketches takes it, because the order of the exceptions shows in images.
 */
export class Registers4 extends Registers {
  readonly type = 'HLL_4'
  readonly packed: Uint8Array
  exceptions: Exceptions | null = null

  constructor(precision: number, packed: Uint8Array = new Uint8Array(2 ** precision / 2)) {
    super(precision)
    this.packed = packed
    this.atLeast = 2 ** precision
  }

  static of(source: Registers): Registers4 {
    const copy = new Registers4(source.precision)
    copy.takeSums(source)
    const histogram = source.histogram()
    copy.least = histogram.findIndex((count) => count > 0)
    copy.atLeast = histogram[copy.least]!
    source.expand().forEach((value, slot) => {
      copy.put(slot, value)
    })
    return copy
  }

  get byteLength(): number {
    return this.packed.byteLength + (this.exceptions?.places.byteLength ?? 0)
  }

  addCoupon(coupon: number): void {
    const slot = coupon & (2 * this.packed.length - 1)
    const value = coupon >>> slotBits
    // A nibble of 15 means at least least + 15: one comparison settles most coupons.
    if (value <= this.nibble(slot) + this.least) return
    const old = this.get(slot)
    if (value <= old) return
    this.account(old, value)
    this.put(slot, value)
    if (old === this.least) {
      this.atLeast--
      while (this.atLeast === 0) this.shift()
    }
  }

  addHash(w0: number, w2: number, w3: number): void {
    this.addCoupon(couponOf(w0, w2, w3))
  }

  addHashes(hashes: Uint32Array, from: number, to: number): number {
    for (let at = 4 * from, end = 4 * to; at < end; at += 4) {
      this.addCoupon(couponOf(hashes[at]!, hashes[at + 2]!, hashes[at + 3]!))
    }
    return to
  }

  override settle(): void {}

  get(slot: number): number {
    const nibble = this.nibble(slot)
    return nibble === exceptionNibble ? this.exceptions!.get(slot) : nibble + this.least
  }

  nibble(slot: number): number {
    const pair = this.packed[slot >>> 1]!
    return slot & 1 ? pair >>> 4 : pair & 15
  }

  expand(): Uint8Array {
    const values = new Uint8Array(2 ** this.precision)
    for (let slot = 0; slot < values.length; slot++) values[slot] = this.get(slot)
    return values
  }

  clone(): Registers4 {
    const copy = new Registers4(this.precision, this.packed.slice())
    copy.takeSums(this)
    copy.least = this.least
    copy.atLeast = this.atLeast
    copy.exceptions = this.exceptions?.clone() ?? null
    return copy
  }

  private put(slot: number, value: number): void {
    const distance = value - this.least
    if (distance < exceptionNibble) {
      this.putNibble(slot, distance)
      return
    }
    this.putNibble(slot, exceptionNibble)
    this.exceptions ??= new Exceptions(leastExceptionBits(this.precision))
    this.exceptions.set(slot, value)
  }

  private putNibble(slot: number, nibble: number): void {
    const pair = this.packed[slot >>> 1]!
    this.packed[slot >>> 1] = slot & 1 ? (pair & 15) | (nibble << 4) : (pair & 0xf0) | nibble
  }

  /** No register is at the least any more: all distances go down by one, and exceptions that fit now become nibbles. */
  private shift(): void {
    this.least++
    const slots = 2 * this.packed.length
    for (let slot = 0; slot < slots; slot++) {
      const nibble = this.nibble(slot)
      if (nibble === exceptionNibble) continue
      this.putNibble(slot, nibble - 1)
      if (nibble === 1) this.atLeast++
    }
    const exceptions = this.exceptions
    this.exceptions = null
    exceptions?.forEach((slot, value) => {
      this.put(slot, value)
    })
  }
}
