// O. Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017), section 5 and algorithm 8.
// Only + - * / are used, so every engine computes the same bits (Math.exp may differ between engines).

/**
 * Solves a x + sum b[k] h(x 2^-k) = sum b[k] over k = first..last, with h(y) = 1 - y / (e^y - 1): the condition for the
 * most likely x when `a` is the total decay rate of what was not seen and b[k] events of rate 2^-k were seen.
 *
 * @returns x to some 12 digits; 0 when nothing was seen, Infinity when everything was
 */
export function likelihoodRoot(a: number, b: Float64Array, first: number, last: number): number {
  let least = first
  let most = last
  while (least <= most && b[least] === 0) least++
  while (most >= least && b[most] === 0) most--
  if (least > most) return 0
  if (a === 0) return Number.POSITIVE_INFINITY

  let seen = 0
  let slope = 0
  for (let k = most; k >= least; k--) {
    seen += b[k]!
    slope = slope / 2 + b[k]!
  }
  // h(y) <= y / 2 gives a start below the root; g is concave, so the secant from (0, 0) stays below it.
  let x = seen / (0.5 * slope * 2 ** -least + a)
  let step = x
  let before = 0
  while (step > x * 1e-13) {
    const g = seenAt(x, a, b, least, most)
    if (g <= before || g >= seen) break
    step *= (seen - g) / (g - before)
    before = g
    x += step
  }
  return x
}

function seenAt(x: number, a: number, b: Float64Array, least: number, most: number): number {
  // h at a small argument by its series, then h(2u) = (u/2 + h(u)(1 - h(u))) / (u/2 + 1 - h(u)) up to every rate.
  let half = x * 2 ** (-most - 1)
  let doublings = 0
  while (half > 0.03125) {
    half /= 2
    doublings++
  }
  const square = half * half
  let h = half - square / 3 + square * square * (1 / 45 - square / 472.5)
  for (; doublings > 0; doublings--) {
    h = (half + h * (1 - h)) / (half + (1 - h))
    half *= 2
  }
  let g = b[most]! * h
  for (let k = most - 1; k >= least; k--) {
    h = (half + h * (1 - h)) / (half + (1 - h))
    half *= 2
    g += b[k]! * h
  }
  return g + x * a
}
