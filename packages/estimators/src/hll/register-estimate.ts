import { likelihoodRoot } from '../estimate/likelihood-root.js'

/** The greatest register of a DataSketches HLL sketch: one more than the leading zeros of h2, capped. */
export const mostRegister = 63

const seen = new Float64Array(mostRegister)

// A register depends on h2 alone and h1 alone selects it, so q of the formulas is 62 at every precision. Only + - * /
// and square roots are used: every engine computes the same bits.

/**
 * The corrected raw estimate (O. Ertl, "New cardinality estimation algorithms for HyperLogLog sketches", 2017, section
 * 4) with its bias of order 1/m removed. Relative standard error 1.0390 / sqrt m over the whole range; the composite
 * estimator of Apache DataSketches is made of the same sum and agrees within .01 % from some 4 m values on.
 *
 * @param counts registers by value, 0 to 63; they sum to 2^precision
 */
export function correctedEstimate(counts: Uint32Array, precision: number): number {
  const m = 2 ** precision
  let z = m * tau(1 - counts[mostRegister]! / m)
  for (let k = mostRegister - 1; k > 0; k--) z = (z + counts[k]!) / 2
  z += m * sigma(counts[0]! / m)
  return (m * m) / (2 * Math.LN2) / z / (1 + (3 * Math.LN2 - 1) / m)
}

/**
 * The most likely number of distinct values (Ertl 2017, section 5), with its bias of order 1/m removed. Relative
 * standard error 1.0367 / sqrt m: .2 % better than the corrected raw estimate, from which it differs by about
 * .07 / sqrt m.
 *
 * @param counts registers by value, 0 to 63; they sum to 2^precision
 */
export function likelihoodEstimate(counts: Uint32Array, precision: number): number {
  const m = 2 ** precision
  const last = mostRegister - 1
  let unseen = 0
  for (let k = last; k > 0; k--) {
    unseen = (unseen + counts[k]!) / 2
    seen[k] = counts[k]!
  }
  seen[last]! += counts[mostRegister]!
  return (m * likelihoodRoot(unseen + counts[0]!, seen, 1, last)) / (1 + 1.01015908095854 / m)
}

/** What registers of 0 add to the sum; Infinity when all are, so that the estimate is 0. */
function sigma(share: number): number {
  if (share === 1) return Number.POSITIVE_INFINITY
  let sum = share
  let before = -1
  for (let x = share * share, weight = 1; sum !== before; x *= x, weight *= 2) {
    before = sum
    sum += x * weight
  }
  return sum
}

/** What registers of the greatest value take from the sum. */
function tau(share: number): number {
  if (share === 0 || share === 1) return 0
  let sum = 1 - share
  let before = -1
  for (let x = Math.sqrt(share), weight = 0.5; sum !== before; x = Math.sqrt(x), weight /= 2) {
    before = sum
    sum -= (1 - x) ** 2 * weight
  }
  return sum / 3
}
