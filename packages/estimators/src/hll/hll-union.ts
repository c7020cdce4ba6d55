import { checkInteger } from '../distinct-counter.js'
import { Coupons } from './coupons.js'
import { type HllState, unionOf, withType } from './hll-state.js'
import type { HllType } from './hll-type.js'
import { HyperLogLog, leastPrecision, mostPrecision } from './hyper-log-log.js'
import { Registers } from './registers.js'

/** The size of an `HllUnion`. */
export interface HllUnionOptions {
  /** The highest precision of the result, 4 to 21. Default 14. */
  precision?: number
}

/**
 * The union of Apache DataSketches, byte for byte: its result has the lowest precision of the sketches that held
 * registers, while sketches that held coupons take it no lower. Use it where bytes must equal upstream's;
 * `HyperLogLog.merge` takes the lower precision always, so that its result is free of order.
 */
export class HllUnion {
  private readonly precision: number
  private gadget: HllState

  /** @throws EstimatorError `bad-option` */
  constructor(options: HllUnionOptions = {}) {
    this.precision = checkInteger('precision', options.precision ?? 14, leastPrecision, mostPrecision)
    this.gadget = new Coupons(this.precision, 'HLL_8')
  }

  /** Takes a sketch of any precision and type in, which stays as it is. */
  update(sketch: HyperLogLog): void {
    this.gadget = unionOf(this.gadget, sketch.content, this.precision)
  }

  /** A sketch of what was united so far, its registers stored as `type`. */
  result(type: HllType = 'HLL_4'): HyperLogLog {
    if (this.gadget instanceof Registers) this.gadget.settle()
    return HyperLogLog.of(withType(this.gadget, type))
  }
}
