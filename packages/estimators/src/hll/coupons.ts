import { couponOf, slotMask } from './coupon.js'
import type { HllType } from './hll-type.js'

/** A list holds up to 7 coupons; the 8th turns it into a set of 2^5 places, or into registers below precision 8. */
export const listLength = 8
const firstSetBits = 5
const leastSetPrecision = 8

/**
 * The warm-up of a HyperLogLog sketch: the different coupons it was given, first as a list in order of arrival, then as
 * a hash table whose order is that of Apache DataSketches. 0 marks a free place.
 */
export class Coupons {
  places = new Int32Array(listLength)
  count = 0
  isSet = false
  /** It holds all coupons that its precision allows. */
  isFull = false

  constructor(
    readonly precision: number,
    readonly type: HllType,
  ) {}

  /** After a coupon that sets {@link isFull} the sketch must go over to registers. */
  addCoupon(coupon: number): void {
    if (!this.isSet) {
      for (let at = 0; at < this.count; at++) if (this.places[at] === coupon) return
      this.places[this.count++] = coupon
      if (this.count < listLength) return
      if (this.precision < leastSetPrecision) this.isFull = true
      else this.rehash(firstSetBits)
      return
    }
    const at = find(this.places, coupon)
    if (this.places[at] === coupon) return
    this.places[at] = coupon
    this.count++
    if (4 * this.count <= 3 * this.places.length) return
    const bits = this.bits
    if (bits < this.precision - 3) this.rehash(bits + 1)
    else this.isFull = true
  }

  addHash(w0: number, w2: number, w3: number): void {
    this.addCoupon(couponOf(w0, w2, w3))
  }

  /** Adds rows of hashes until it is full; returns the row after the last one that was added. */
  addHashes(hashes: Uint32Array, from: number, to: number): number {
    let row = from
    while (row < to && !this.isFull) {
      this.addCoupon(couponOf(hashes[4 * row]!, hashes[4 * row + 2]!, hashes[4 * row + 3]!))
      row++
    }
    return row
  }

  /** log2 of the number of places. */
  get bits(): number {
    return 31 - Math.clz32(this.places.length)
  }

  /** In order of the places, which is the order of arrival in a list. */
  forEach(visit: (coupon: number) => void): void {
    const places = this.places
    for (let at = 0; at < places.length; at++) if (places[at] !== 0) visit(places[at]!)
  }

  toArray(): Int32Array {
    return this.places.filter((coupon) => coupon !== 0)
  }

  /**
   * Takes these places instead of its own when they are a table of the same coupons as upstream builds it, whose order
   * shows in what is written.
   */
  takePlaces(places: Int32Array<ArrayBuffer>): void {
    if (places.length !== this.places.length) return
    for (let at = 0; at < places.length; at++) {
      if (places[at] !== 0 && find(places, places[at]!) !== at) return
    }
    this.places = places
  }

  clone(type: HllType = this.type): Coupons {
    const copy = new Coupons(this.precision, type)
    copy.places = this.places.slice()
    copy.count = this.count
    copy.isSet = this.isSet
    return copy
  }

  private rehash(bits: number): void {
    const places = new Int32Array(1 << bits)
    this.forEach((coupon) => {
      places[find(places, coupon)] = coupon
    })
    this.places = places
    this.isSet = true
  }
}

/** Whether a sketch of this precision with `count` coupons is in set mode. */
export function isSetOf(precision: number, count: number): boolean {
  return (
    precision >= leastSetPrecision &&
    count >= listLength &&
    setBits(count) <= Math.max(firstSetBits, precision - 3)
  )
}

/** log2 of the places of a set of `count` coupons, of which at most three quarters are taken. */
function setBits(count: number): number {
  let bits = firstSetBits
  while (4 * count > 3 * 2 ** bits) bits++
  return bits
}

/** The place of a coupon, or the free place for it; the stride is odd, so every place is visited. */
function find(places: Int32Array, coupon: number): number {
  const mask = places.length - 1
  const stride = ((coupon & slotMask) >>> (31 - Math.clz32(places.length))) | 1
  let at = coupon & mask
  while (places[at] !== 0 && places[at] !== coupon) at = (at + stride) & mask
  return at
}
