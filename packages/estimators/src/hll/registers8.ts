import { mostRegister } from './register-estimate.js'

/** The values 2^-r of all registers. */
const inversePowers = Float64Array.from({ length: mostRegister + 1 }, (_, value) => 2 ** -value)

/**
 * The registers of a HyperLogLog sketch, one byte each, with what the HIP estimate of one stream needs. The sum of
 * 2^-register is kept in two parts, values below 32 and from 32 on, so that every step of it is exact.
 */
export class Registers8 {
  readonly values: Uint8Array
  hip = 0
  smallSum: number
  largeSum = 0
  /** After a union of registers HIP no longer estimates anything. */
  outOfOrder = false
  /** The least register and how many hold it, as images tell them; a union sets the least, single updates leave it at 0. */
  least = 0
  atLeast: number

  constructor(readonly precision: number) {
    this.values = new Uint8Array(2 ** precision)
    this.smallSum = this.values.length
    this.atLeast = this.values.length
  }

  /** Adds rows of hashes; the common case, a register that is high enough, touches nothing else. */
  addHashes(hashes: Uint32Array, from: number, to: number): void {
    const values = this.values
    const mask = values.length - 1
    for (let at = 4 * from, end = 4 * to; at < end; at += 4) {
      const slot = hashes[at]! & mask
      const high = hashes[at + 3]!
      const value =
        high !== 0 ? Math.clz32(high) + 1 : Math.min(Math.clz32(hashes[at + 2]!) + 33, mostRegister)
      if (value > values[slot]!) this.raise(slot, value)
    }
  }

  /** Sets the register to `value` unless it is as high already. */
  update(slot: number, value: number): void {
    if (value > this.values[slot]!) this.raise(slot, value)
  }

  /** Keeps the greater of each register of both; the other's precision is the same or higher. */
  union(other: Registers8): void {
    const values = this.values
    const others = other.values
    const mask = values.length - 1
    for (let slot = 0; slot < others.length; slot++) {
      const value = others[slot]!
      if (value > values[slot & mask]!) values[slot & mask] = value
    }
    this.hip = 0
    this.outOfOrder = true
    this.recount()
  }

  /** The same sketch at a lower precision; the HIP estimate stays what it was. */
  fold(precision: number): Registers8 {
    const folded = new Registers8(precision)
    folded.union(this)
    folded.hip = this.hip
    folded.outOfOrder = this.outOfOrder
    return folded
  }

  /** Derives sums, least register and its count from the registers. */
  recount(): void {
    const counts = this.histogram()
    this.smallSum = 0
    this.largeSum = 0
    for (let value = 0; value <= mostRegister; value++) {
      const part = counts[value]! * inversePowers[value]!
      if (value < 32) this.smallSum += part
      else this.largeSum += part
    }
    this.least = counts.findIndex((count) => count > 0)
    this.atLeast = counts[this.least]!
  }

  /** How many registers hold each value, 0 to 63; valid until the next call. */
  histogram(): Uint32Array {
    histogramScratch.fill(0)
    const values = this.values
    for (let slot = 0; slot < values.length; slot++) histogramScratch[values[slot]!]!++
    return histogramScratch
  }

  clone(): Registers8 {
    const copy = new Registers8(this.precision)
    copy.values.set(this.values)
    copy.hip = this.hip
    copy.smallSum = this.smallSum
    copy.largeSum = this.largeSum
    copy.outOfOrder = this.outOfOrder
    copy.least = this.least
    copy.atLeast = this.atLeast
    return copy
  }

  private raise(slot: number, value: number): void {
    const old = this.values[slot]!
    this.values[slot] = value
    // HIP (Cohen 2014, Ting 2014): one over the probability that this value changes the sketch.
    this.hip += this.values.length / (this.smallSum + this.largeSum)
    if (old < 32) this.smallSum -= inversePowers[old]!
    else this.largeSum -= inversePowers[old]!
    if (value < 32) this.smallSum += inversePowers[value]!
    else this.largeSum += inversePowers[value]!
    if (old === 0) this.atLeast--
  }
}

const histogramScratch = new Uint32Array(mostRegister + 1)
