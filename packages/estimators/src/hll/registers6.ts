import { couponOf, slotBits } from './coupon.js'
import { Registers } from './registers.js'

/** Six bits a register, packed from the least significant bit on; one byte more, so that two can always be read. */
export class Registers6 extends Registers {
  readonly type = 'HLL_6'
  readonly packed: Uint8Array
  private readonly mask: number

  constructor(precision: number, packed: Uint8Array = new Uint8Array(packedLength(precision))) {
    super(precision)
    this.packed = packed
    this.mask = 2 ** precision - 1
  }

  static of(source: Registers): Registers6 {
    const copy = new Registers6(source.precision)
    source.expand().forEach((value, slot) => {
      if (value > 0) copy.put(slot, value)
    })
    copy.takeSums(source)
    return copy
  }

  get byteLength(): number {
    return this.packed.byteLength
  }

  addCoupon(coupon: number): void {
    const slot = coupon & this.mask
    const value = coupon >>> slotBits
    const old = this.get(slot)
    if (value > old) {
      this.put(slot, value)
      this.account(old, value)
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

  get(slot: number): number {
    const bit = 6 * slot
    const at = bit >>> 3
    return ((this.packed[at]! | (this.packed[at + 1]! << 8)) >>> (bit & 7)) & 63
  }

  expand(): Uint8Array {
    const values = new Uint8Array(2 ** this.precision)
    for (let slot = 0; slot < values.length; slot++) values[slot] = this.get(slot)
    return values
  }

  clone(): Registers6 {
    const copy = new Registers6(this.precision, this.packed.slice())
    copy.takeSums(this)
    return copy
  }

  private put(slot: number, value: number): void {
    const bit = 6 * slot
    const at = bit >>> 3
    const shift = bit & 7
    const pair = this.packed[at]! | (this.packed[at + 1]! << 8)
    const changed = (pair & ~(63 << shift)) | (value << shift)
    this.packed[at] = changed
    this.packed[at + 1] = changed >>> 8
  }
}

export function packedLength(precision: number): number {
  return (3 * 2 ** precision) / 4 + 1
}
