import { couponEstimate } from './coupon-estimate.js'
import { Coupons } from './coupons.js'
import type { HllType } from './hll-type.js'
import type { Registers } from './registers.js'
import { Registers4 } from './registers4.js'
import { Registers6 } from './registers6.js'
import { Registers8 } from './registers8.js'

/** What a sketch holds: coupons as long as they are few, then registers. */
export type HllState = Coupons | Registers

/** Registers fed with the coupons in order of their places; HIP goes on from the estimate of the coupons. */
export function registersOf(coupons: Coupons): Registers {
  const { precision } = coupons
  const registers =
    coupons.type === 'HLL_8'
      ? new Registers8(precision)
      : coupons.type === 'HLL_6'
        ? new Registers6(precision)
        : new Registers4(precision)
  coupons.forEach((coupon) => {
    registers.addCoupon(coupon)
  })
  registers.hip = couponEstimate(coupons.count)
  return registers
}

/** Adds a coupon; the result is the state to go on with. */
function withCoupon(state: HllState, coupon: number): HllState {
  state.addCoupon(coupon)
  return state.isFull ? registersOf(state as Coupons) : state
}

/** Adds coupons in order of their places. */
function withCoupons(state: HllState, coupons: Coupons): HllState {
  let result = state
  for (const coupon of coupons.toArray()) result = withCoupon(result, coupon)
  return result
}

/** A copy whose registers are stored as `type`. */
export function withType(state: HllState, type: HllType): HllState {
  if (state instanceof Coupons) return state.clone(type)
  if (state.type === type) return state.clone()
  if (type === 'HLL_8') return Registers8.of(state)
  return type === 'HLL_6' ? Registers6.of(state) : Registers4.of(state)
}

/** A copy at a lower precision. */
export function withPrecision(state: HllState, precision: number): HllState {
  if (state instanceof Coupons) return withCoupons(new Coupons(precision, state.type), state)
  return withType(Registers8.of(state, precision), state.type)
}

/**
 * The union as Apache DataSketches takes it, into an HLL_8 state (`gadget`) that is changed or replaced: coupons go in
 * one by one, registers are folded to the lower precision and the greater ones win.
 *
 * @param most the highest precision of the result
 */
export function unionOf(gadget: HllState, source: HllState, most: number): HllState {
  if (source instanceof Coupons) {
    const isFirst = gadget instanceof Coupons && gadget.count === 0
    if (isFirst && source.isSet && source.precision === gadget.precision) return source.clone('HLL_8')
    return withCoupons(gadget, source)
  }
  const precision = Math.min(source.precision, most)
  if (gadget instanceof Coupons) return withCoupons(Registers8.of(source, precision), gadget)
  const target = gadget.precision > precision ? Registers8.of(gadget, precision) : (gadget as Registers8)
  target.union(source)
  return target
}
