import { badOption } from '../errors.js'

/** The most bits of a linear counter: 512 MiB. */
export const mostBits = 0xfffffff8
/** Where the search begins, as in stream-lib: for a few values rounding makes the condition flicker, and the path decides. */
const mostOfStreamLib = 1e8

/**
 * The bits that count up to `expected` values with a standard error of `error`: the least m above
 * max(5, 1 / (error t)^2) (e^t - t - 1), t = expected / m (Whang, Vander-Zanden and Taylor, "A linear-time
 * probabilistic counting algorithm", 1990, section 5), rounded up to whole bytes.
 *
 * @param expected at least 1
 * @param error relative, above 0 and below 1
 * @throws EstimatorError `bad-option`
 */
export function linearBits(expected: number, error: number): number {
  if (!(typeof expected === 'number' && expected >= 1 && expected <= Number.MAX_SAFE_INTEGER)) {
    throw badOption('expected', 'a number from 1', expected)
  }
  if (!(typeof error === 'number' && error > 0 && error < 1)) {
    throw badOption('error', 'a number between 0 and 1', error)
  }
  let most = mostOfStreamLib
  while (!isEnough(most, expected, error)) {
    most *= 2
    if (most > 2 * mostBits) break
  }
  let least = 1
  while (least < most) {
    const middle = Math.floor((least + most) / 2)
    if (isEnough(middle, expected, error)) most = middle
    else least = middle + 1
  }
  const bits = 8 * Math.ceil(least / 8)
  if (bits > mostBits) {
    throw badOption('error', `a larger one or a sketch for ${expected} values`, error)
  }
  return bits
}

function isEnough(bits: number, expected: number, error: number): boolean {
  const load = expected / bits
  return bits > Math.max(5, 1 / (error * load) ** 2) * (Math.exp(load) - load - 1)
}
