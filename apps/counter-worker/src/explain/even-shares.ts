/**
 * Shares out a number of places as evenly as the lengths allow: what a short one does not take goes to the others.
 *
 * @param lengths how many each could take; Infinity: it is not known
 * @returns how many each gets, at least one where it has any
 */
export function evenShares(lengths: readonly number[], places: number): number[] {
  const shares = lengths.map(() => 0)
  // The shortest first: each takes its part of what the shorter ones have left.
  const order = lengths.map((_, i) => i).sort((a, b) => lengths[a]! - lengths[b]!)
  let left = places
  for (const [done, i] of order.entries()) {
    const part = Math.floor(left / (order.length - done))
    shares[i] = Math.min(lengths[i]!, Math.max(1, part))
    left = Math.max(0, left - shares[i]!)
  }
  return shares
}
