import { checkInteger, checkOneOf, checkOptions } from '../checks.js'
import type { CounterJson } from '../distinct-counter.js'
import { cannotMerge } from '../errors.js'
import { Printable } from '../printable.js'
import { Coupons } from './coupons.js'
import { type HllState, unionOf, withType } from './hll-state.js'
import { type HllType, hllTypes } from './hll-type.js'
import { HyperLogLog, leastPrecision, mostPrecision, sketchOf } from './hyper-log-log.js'
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
export class HllUnion extends Printable {
  /** @internal */
  private readonly precision: number
  /** @internal */
  private gadget: HllState

  /** @throws EstimatorError `bad-option` */
  constructor(options: HllUnionOptions = {}) {
    super()
    checkOptions('HllUnion', options, ['precision'])
    const { precision = 14 } = options
    this.precision = checkInteger('precision', precision, leastPrecision, mostPrecision)
    this.gadget = new Coupons(this.precision, 'HLL_8')
  }

  /** Takes a sketch of any precision and type in, which stays as it is. @throws EstimatorError `cannot-merge` */
  update(sketch: HyperLogLog): void {
    if (sketch instanceof HyperLogLog) this.gadget = unionOf(this.gadget, sketch.state, this.precision)
    else this.update(ofAnotherCopy(sketch))
  }

  /** A sketch of what was united so far, its registers stored as `type`. @throws EstimatorError `bad-option` */
  result(type: HllType = 'HLL_4'): HyperLogLog {
    checkOneOf('type', type, hllTypes)
    if (this.gadget instanceof Registers) this.gadget.settle()
    return sketchOf(withType(this.gadget, type))
  }

  /** The JSON of the result in HLL_8, for `HyperLogLog.fromJSON`. */
  toJSON(): CounterJson {
    return this.result('HLL_8').toJSON()
  }

  toString(): string {
    return `HllUnion { precision: ${this.precision}, result: ${this.result('HLL_8')} }`
  }
}

/** A sketch of another copy of this package, by the image that keeps the places of its coupons. */
function ofAnotherCopy(sketch: unknown): HyperLogLog {
  const stranger = sketch as Partial<HyperLogLog> | null | undefined
  if (stranger?.kind === 'hll' && typeof stranger.toBytes === 'function') {
    return HyperLogLog.from(stranger.toBytes('updatable'))
  }
  throw cannotMerge('a HyperLogLog (other counters give one by toHllImage and HyperLogLog.from)', sketch)
}
