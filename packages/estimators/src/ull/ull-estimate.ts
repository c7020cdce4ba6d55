import { likelihoodRoot } from '../estimate/likelihood-root.js'

// O. Ertl, "UltraLogLog: a practical and more space-efficient alternative to HyperLogLog for approximate distinct
// counting" (2023): the further generalized remaining area estimator and the maximum likelihood estimator.
const eta0 = 4.663135422063788
const eta1 = 2.1378502137958524
const eta2 = 2.781144650979996
const eta3 = 0.9824082545153715
const eta = [eta0, eta1, eta2, eta3] as const
const exponent = 0.8194911375910897
const variance = 0.6118931496978437
/** Registers from here on hold the highest update that a hash of 64 bits has. */
const mostUpdate = 252

/**
 * The FGRA estimate. Relative standard error .7822 / sqrt m. Infinity when all registers are 255.
 *
 * @param counts registers by value, 0 to 255; they sum to 2^precision
 */
export function fgraEstimate(counts: Uint32Array, precision: number): number {
  const m = 2 ** precision
  const first = 4 * precision + 4
  const c0 = counts[0]!
  const c4 = counts[first - 8]!
  const c8 = counts[first - 4]!
  const c10 = counts[first - 2]!
  let sum = 0
  for (let register = mostUpdate - 1; register >= first; register--) {
    if (counts[register]! > 0) {
      sum +=
        counts[register]! * eta[(register & 3) as 0]! * 2 ** (-exponent * (((register - first) >> 2) + 3))
    }
  }
  if (c0 + c4 + c8 + c10 > 0) {
    const alpha = m + 3 * (c0 + c4 + c8 + c10)
    const beta = m - c0 - c4
    const gamma = 4 * c0 + 2 * c4 + 3 * c8 + c10
    const z = ((Math.sqrt(beta * beta + 4 * alpha * gamma) - beta) / (2 * alpha)) ** 4
    const step = 2 ** -exponent
    if (c0 > 0) sum += c0 * sigma(z)
    if (c4 > 0) sum += c4 * step * psi(z)
    if (c8 > 0) sum += c8 * step * step * (z * (eta0 - eta1) + eta1)
    if (c10 > 0) sum += c10 * step * step * (z * (eta2 - eta3) + eta3)
  }
  sum += topContribution(counts, precision)
  return (m ** (1 + 1 / exponent) / (1 + (((1 + exponent) / 2) * variance) / m)) * sum ** (-1 / exponent)
}

/**
 * What the registers from 252 on contribute. Their update, the w-th with w = 65 - p, stands for itself and all higher
 * ones, which a hash of 64 bits cannot tell apart: it is replaced by the expected contribution of the updates of a hash
 * without end. One update u stays unseen with probability y(u) = exp(-n / (m 2^u)), all higher ones together with the
 * same. So y(w - 1) is the most likely share of registers below 252, and each y is the root of the one before.
 */
function topContribution(counts: Uint32Array, precision: number): number {
  const [t0, t1, t2, t3] = counts.subarray(mostUpdate) as unknown as readonly [number, number, number, number]
  const saturated = t0 + t1 + t2 + t3
  if (saturated === 0) return 0
  const m = 2 ** precision
  const alpha = m + 3 * saturated
  const beta = saturated + t2 + t3
  const gamma = m + 2 * t0 + t2 - t3
  const before = (Math.sqrt(beta * beta + 4 * alpha * gamma) - beta) / (2 * alpha)
  const step = 2 ** -exponent

  // w is the highest update: both bits of the register are known.
  let y = Math.sqrt(before)
  // (1 - y(u)) / (1 - y(w - 1)), by 1 - y^2 = (1 - y)(1 + y): a difference would cancel near 1.
  let seenShare = 1 / (1 + y)
  let sum = y * seenShare * (t0 * eta0 + t1 * eta1 + t2 * eta2 + t3 * eta3)

  // w + 1 is the highest: whether w - 1 was seen is known, whether w was is not.
  let previous = y
  y = Math.sqrt(y)
  seenShare /= 1 + y
  const without = previous * eta0 + (1 - previous) * eta2
  const having = previous * eta1 + (1 - previous) * eta3
  sum += y * seenShare * step * ((t0 + t1) * without + (t2 + t3) * having)

  // Any higher one: nothing is known of the two below it.
  for (let weight = step * step; ; weight *= step) {
    previous = y
    y = Math.sqrt(y)
    seenShare /= 1 + y
    const next = sum + y * seenShare * weight * saturated * psi(previous)
    if (next === sum) return sum * step ** (65 - precision)
    sum = next
  }
}

function psi(z: number): number {
  return (eta0 - eta1 - eta2 + eta3) * z ** 3 + (eta2 - eta3) * z ** 2 + (eta1 - eta3) * z + eta3
}

function sigma(z: number): number {
  if (z <= 0) return eta3
  if (z >= 1) return Number.POSITIVE_INFINITY
  let sum = 0
  let power = z
  let weight = 1
  for (;;) {
    const next = power * power
    const before = sum
    sum += weight * (power - next) * psi(next)
    if (sum === before) return sum / z
    power = next
    weight *= 2 ** exponent
  }
}

const seen = /* @__PURE__ */ new Float64Array(66)

/**
 * The most likely number of distinct values, with its bias of order 1/m removed. Relative standard error
 * .7609 / sqrt m.
 *
 * @param counts registers by value, 0 to 255; they sum to 2^precision
 */
export function ullLikelihoodEstimate(counts: Uint32Array, precision: number): number {
  const m = 2 ** precision
  const first = 4 * precision + 4
  seen.fill(0)
  // Values below 4p+4 distinguish the first updates: which of the two highest probabilities have been seen.
  let unseen = counts[0]! + (counts[first - 8]! * 2 + counts[first - 4]! * 3 + counts[first - 2]!) / 4
  seen[0] = counts[first - 8]! + counts[first - 2]!
  seen[1] = counts[first - 4]! + counts[first - 2]!
  for (let register = first; register < 256; register++) {
    const count = counts[register]!
    if (count === 0) continue
    const k = (register - first) >> 2
    const lower = register & 1
    const upper = (register >> 1) & 1
    // Nothing lies above the greatest update, whose probability is that of the one before it.
    const above = register < 252 ? 1 / 8 : 0
    unseen += count * (3 / 4 + above - lower / 2 - upper / 4) * 2 ** -k
    seen[k]! += count * lower
    seen[k + 1]! += count * upper
    seen[k + 2]! += count
  }
  const last = 63 - precision
  seen[last]! += seen[last + 1]!
  return (2 * m * likelihoodRoot(2 * unseen, seen, 0, last)) / (1 + 0.48147376527720065 / m)
}
