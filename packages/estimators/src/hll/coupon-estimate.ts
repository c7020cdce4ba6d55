// Coupons collide with a probability of 2^-26 a pair or so. Apache DataSketches corrects their number by a cubic
// interpolation of measured points; the terms are evaluated in its order, so that the bits are the same.
const nodes = [0, 1, 20, 400, 8000, 160000, 300000, 600000, 900000]
const estimates = [
  0, 1, 20.00000094374026, 400.0003963713384, 8000.158929460209, 160063.60677637596, 300223.70715976635,
  600895.593385617, 902016.8065120955,
]

/** The estimated number of distinct values that led to this many distinct coupons. */
export function couponEstimate(count: number): number {
  return Math.max(count, interpolate(count))
}

function interpolate(count: number): number {
  let interval = 0
  while (interval < nodes.length - 2 && count >= nodes[interval + 1]!) interval++
  const start = Math.min(Math.max(interval - 1, 0), nodes.length - 4)
  const x0 = nodes[start]!
  const x1 = nodes[start + 1]!
  const x2 = nodes[start + 2]!
  const x3 = nodes[start + 3]!
  const d0 = count - x0
  const d1 = count - x1
  const d2 = count - x2
  const d3 = count - x3
  const term0 = (estimates[start]! * (d1 * d2 * d3)) / ((x0 - x1) * (x0 - x2) * (x0 - x3))
  const term1 = (estimates[start + 1]! * (d0 * d2 * d3)) / ((x1 - x0) * (x1 - x2) * (x1 - x3))
  const term2 = (estimates[start + 2]! * (d0 * d1 * d3)) / ((x2 - x0) * (x2 - x1) * (x2 - x3))
  const term3 = (estimates[start + 3]! * (d0 * d1 * d2)) / ((x3 - x0) * (x3 - x1) * (x3 - x2))
  return term0 + term1 + term2 + term3
}
