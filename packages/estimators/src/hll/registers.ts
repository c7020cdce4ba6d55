import { type HllType, mostRegister } from './hll-type.js'

/** The values 2^-r of all registers. */
const inversePowers = /* @__PURE__ */ Float64Array.from({ length: 64 }, (_, value) => 2 ** -value)
const counts = /* @__PURE__ */ new Uint32Array(64)
/** Four histograms beside each other: most registers hold one of few values, and an increment waits for the last of its own. */
const lanes = /* @__PURE__ */ new Uint32Array(4 * 64)

/**
 * The registers of a HyperLogLog sketch with what the HIP estimate of one stream needs. The sum of 2^-register is kept
 * in two parts, values below 32 and from 32 on, so that every step of it is exact.
 */
export abstract class Registers {
  abstract readonly type: HllType
  readonly isFull = false
  hip = 0
  smallSum: number
  largeSum = 0
  /** After a union of registers HIP no longer estimates anything. */
  outOfOrder = false
  zeros: number
  /**
   * The least register and how many hold it, as images state them: HLL_4 always, the others only after a union; else
   * they state 0 and the number of zeros.
   */
  least = 0
  atLeast = 0

  constructor(readonly precision: number) {
    this.smallSum = 2 ** precision
    this.zeros = 2 ** precision
  }

  /** Keeps the greater of the register and the coupon's value. */
  abstract addCoupon(coupon: number): void
  abstract addHash(w0: number, w2: number, w3: number): void
  /** Adds rows of hashes and returns `to`. */
  abstract addHashes(hashes: Uint32Array, from: number, to: number): number
  abstract get(slot: number): number
  /** All registers, one byte each; not to be changed. */
  abstract expand(): Uint8Array
  abstract clone(): Registers
  abstract readonly byteLength: number

  /** How many registers hold each value, 0 to 63; valid until the next call. */
  histogram(): Uint32Array {
    const values = this.expand()
    lanes.fill(0)
    // The number of registers is a multiple of 16.
    for (let slot = 0; slot < values.length; slot += 4) {
      lanes[values[slot]!]!++
      lanes[64 + values[slot + 1]!]!++
      lanes[128 + values[slot + 2]!]!++
      lanes[192 + values[slot + 3]!]!++
    }
    for (let value = 0; value < 64; value++) {
      counts[value] = lanes[value]! + lanes[64 + value]! + lanes[128 + value]! + lanes[192 + value]!
    }
    return counts
  }

  /** Derives the sums and the number of zeros from the registers. */
  recount(histogram: Uint32Array = this.histogram()): void {
    this.smallSum = 0
    this.largeSum = 0
    for (let value = 0; value <= mostRegister; value++) {
      const part = histogram[value]! * inversePowers[value]!
      if (value < 32) this.smallSum += part
      else this.largeSum += part
    }
    this.zeros = histogram[0]!
  }

  /** Derives the least register and how many hold it from the registers. */
  recountLeast(histogram: Uint32Array = this.histogram()): void {
    this.least = histogram.findIndex((count) => count > 0)
    this.atLeast = histogram[this.least]!
  }

  /** Makes ready for an image what changes leave open. */
  settle(): void {
    if (this.least === 0) this.atLeast = this.zeros
  }

  /** Takes over everything but the registers. */
  protected takeSums(from: Registers): void {
    this.hip = from.hip
    this.smallSum = from.smallSum
    this.largeSum = from.largeSum
    this.outOfOrder = from.outOfOrder
    this.zeros = from.zeros
  }

  /** Accounts for a register that rises from `old` to `value` by a new value of a stream. */
  protected account(old: number, value: number): void {
    // HIP (Cohen 2014, Ting 2014): one over the probability that this value changes the sketch. The shift is a power
    // that costs nothing; ** is a call of the library's pow, tens of nanoseconds (V8 11.3).
    this.hip += (1 << this.precision) / (this.smallSum + this.largeSum)
    this.moveSums(old, value)
  }

  protected moveSums(old: number, value: number): void {
    if (old === 0) this.zeros--
    if (old < 32) this.smallSum -= inversePowers[old]!
    else this.largeSum -= inversePowers[old]!
    if (value < 32) this.smallSum += inversePowers[value]!
    else this.largeSum += inversePowers[value]!
  }
}
