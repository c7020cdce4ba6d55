import { slotBits, slotMask } from './coupon.js'

/** log2 of the places of a fresh table, for precisions 4 to 21. */
const firstBits = [2, 2, 2, 3, 3, 3, 4, 4, 5, 5, 6, 7, 8, 9, 10, 11, 12, 13]

export function leastExceptionBits(precision: number): number {
  return firstBits[precision - 4]!
}

/** log2 of the places that hold `count` exceptions at most three quarters full. */
export function exceptionBits(precision: number, count: number): number {
  let bits = leastExceptionBits(precision)
  while (4 * count > 3 * 2 ** bits) bits++
  return bits
}

/**
 * The values of HLL_4 registers that do not fit a nibble, value << 26 | slot in open addressing. Order and growth are
 * those of Apache DataSketches, because images hold the table.
 */
export class Exceptions {
  places: Uint32Array
  count = 0

  constructor(bits: number) {
    this.places = new Uint32Array(1 << bits)
  }

  get bits(): number {
    return 31 - Math.clz32(this.places.length)
  }

  /** The value of a slot, 0 when it has none. */
  get(slot: number): number {
    return this.places[this.find(slot)]! >>> slotBits
  }

  set(slot: number, value: number): void {
    const at = this.find(slot)
    const isNew = this.places[at] === 0
    this.places[at] = ((value << slotBits) | slot) >>> 0
    if (!isNew) return
    this.count++
    if (4 * this.count > 3 * this.places.length) {
      const grown = new Exceptions(this.bits + 1)
      this.forEach((slotOfOld, valueOfOld) => {
        grown.set(slotOfOld, valueOfOld)
      })
      this.places = grown.places
    }
  }

  /** In order of the places. */
  forEach(visit: (slot: number, value: number) => void): void {
    for (const entry of this.places) if (entry !== 0) visit(entry & slotMask, entry >>> slotBits)
  }

  clone(): Exceptions {
    const copy = new Exceptions(0)
    copy.places = this.places.slice()
    copy.count = this.count
    return copy
  }

  private find(slot: number): number {
    const places = this.places
    const mask = places.length - 1
    const stride = (slot >>> this.bits) | 1
    let at = slot & mask
    while (places[at] !== 0 && (places[at]! & slotMask) !== slot) at = (at + stride) & mask
    return at
  }
}
