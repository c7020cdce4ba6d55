import { checkInteger, checkOneOf, checkOptions } from '../checks.js'
import { type DistinctCounter, objectOverhead } from '../distinct-counter.js'
import { badOption, EstimatorError } from '../errors.js'
import { ExactCounter } from '../exact/exact-counter.js'
import type { HllType } from '../hll/hll-type.js'
import { HyperLogLog, leastPrecision, mostPrecision } from '../hll/hyper-log-log.js'
import { LinearCounting } from '../linear/linear-counting.js'
import { linearBits } from '../linear/linear-size.js'
import { leastUllPrecision, mostUllPrecision } from '../ull/ull-bytes.js'
import { UltraLogLog } from '../ull/ultra-log-log.js'

/** What a counter is wanted for. */
export interface RecommendOptions {
  /** The most distinct values to expect, a whole number from 1. Without it linear counting and exact sets have no size and are not considered. */
  expected?: number
  /** The relative standard error to allow, from 0 (exact) to below 1. Default .01. */
  error?: number
  /** False when one stream is counted and never merged: HIP and martingale estimates may be used. Default true. */
  mergeable?: boolean
  /** `datasketches` when other systems must read the sketch. Default `none`. */
  interop?: 'none' | 'datasketches'
  /** Only this kind is considered. */
  kind?: 'exact' | 'linear' | 'hll' | 'ull'
}

/** A counter to take, with what to expect of it when `expected` values were added (or very many, without it). */
export type Recommendation = {
  /** Bytes in memory, as `memoryBytes()` gives them. */
  readonly memoryBytes: number
  /** Bytes of `toBytes()`; HLL_4 adds four for each of its few exceptions. */
  readonly serializedBytes: number
  /** Relative standard error of the estimate named by `estimate`. */
  readonly error: number
  /** The method that gives an estimate with that error. */
  readonly estimate: 'count' | 'hipCount' | 'martingaleCount'
  /** A new counter of this kind with these options. */
  create(): DistinctCounter
} & (
  | { readonly kind: 'exact'; readonly options: Record<string, never> }
  | { readonly kind: 'linear'; readonly options: { bits: number } }
  | { readonly kind: 'hll'; readonly options: { precision: number; type: HllType } }
  | { readonly kind: 'ull'; readonly options: { precision: number } }
)

/**
 * The counter that needs the least memory for an error.
 *
 * @throws EstimatorError `bad-option` when an option is out of range or no counter satisfies them all
 */
export function recommend(options: RecommendOptions): Recommendation {
  checkOptions('recommend', options, ['expected', 'error', 'mergeable', 'interop', 'kind'])
  const { expected, error = 0.01, mergeable = true, interop = 'none', kind } = options
  if (!(typeof error === 'number' && error >= 0 && error < 1)) {
    throw badOption('error', 'a number from 0 to below 1', error)
  }
  checkOneOf('mergeable', mergeable, [true, false])
  checkOneOf('interop', interop, ['none', 'datasketches'])
  checkOneOf('kind', kind, [undefined, 'exact', 'linear', 'hll', 'ull'])
  if (expected !== undefined) checkInteger('expected', expected, 1, Number.MAX_SAFE_INTEGER)
  const candidates = (values: number | undefined) =>
    [
      ...(interop === 'none' ? exact(values) : []),
      ...(interop === 'none' ? linear(values, error) : []),
      ...hll(values, error, mergeable),
      ...(interop === 'none' ? ull(error, mergeable) : []),
    ].filter((candidate) => kind === undefined || candidate.kind === kind)
  const best = candidates(expected).sort((a, b) => a.memoryBytes - b.memoryBytes)[0]
  if (best === undefined) {
    const what = `no counter${kind === undefined ? '' : ` of kind "${kind}"`} has an error of ${error}`
    const canBeStated = expected === undefined && candidates(1).length > 0
    throw new EstimatorError(
      'bad-option',
      canBeStated ? `${what} without an expected number of values: state it` : `${what}: allow a larger one`,
    )
  }
  return best
}

function exact(expected: number | undefined): Recommendation[] {
  if (expected === undefined || expected > 2 ** 32) return []
  return [
    {
      kind: 'exact',
      options: {},
      // Segments are 3/8 to 3/4 full: 32 bytes a value are rarely exceeded by much.
      memoryBytes: 32 * expected + 2 * objectOverhead,
      serializedBytes: 16 + 16 * expected,
      error: 0,
      estimate: 'count',
      create: () => new ExactCounter(),
    },
  ]
}

function linear(expected: number | undefined, error: number): Recommendation[] {
  if (expected === undefined || error === 0) return []
  let bits: number
  try {
    bits = linearBits(expected, error)
  } catch {
    return []
  }
  const load = expected / bits
  return [
    {
      kind: 'linear',
      options: { bits },
      memoryBytes: bits / 8 + objectOverhead,
      serializedBytes: bits / 8 + 16,
      error: Math.sqrt(bits * (Math.expm1(load) - load)) / expected,
      estimate: 'count',
      create: () => new LinearCounting({ bits }),
    },
  ]
}

function hll(expected: number | undefined, error: number, mergeable: boolean): Recommendation[] {
  const constant = mergeable ? Math.sqrt(3 * Math.LN2 - 1) : Math.sqrt(Math.LN2)
  const result: Recommendation[] = []
  for (let precision = leastPrecision; precision <= mostPrecision; precision++) {
    const coupons = expected !== undefined && expected < mostCoupons(precision)
    const expectedError = coupons ? 0.409 / 2 ** 13 : constant / 2 ** (precision / 2)
    if (expectedError > error) continue
    for (const type of ['HLL_8', 'HLL_4'] as const) {
      const registers = type === 'HLL_8' ? 2 ** precision : 2 ** precision / 2
      const places = coupons ? 4 * 2 ** Math.ceil(Math.log2(Math.max(8, (4 * expected) / 3))) : registers
      result.push({
        kind: 'hll',
        options: { precision, type },
        memoryBytes: places + 2 * objectOverhead,
        serializedBytes: coupons ? 12 + 4 * expected : 40 + registers,
        error: expectedError,
        estimate: mergeable ? 'count' : 'hipCount',
        create: () => new HyperLogLog({ precision, type }),
      })
    }
    break
  }
  return result
}

function ull(error: number, mergeable: boolean): Recommendation[] {
  const constant = mergeable ? 0.7609 : 0.6583
  for (let precision = leastUllPrecision; precision <= mostUllPrecision; precision++) {
    const expectedError = constant / 2 ** (precision / 2)
    if (expectedError > error) continue
    return [
      {
        kind: 'ull',
        options: { precision },
        memoryBytes: 2 ** precision + objectOverhead,
        serializedBytes: 16 + 2 ** precision,
        error: expectedError,
        estimate: mergeable ? 'count' : 'martingaleCount',
        create: () => new UltraLogLog({ precision }),
      },
    ]
  }
  return []
}

/** How many coupons lead over to registers. */
function mostCoupons(precision: number): number {
  return precision < 8 ? 8 : (3 * 2 ** precision) / 32 + 1
}
