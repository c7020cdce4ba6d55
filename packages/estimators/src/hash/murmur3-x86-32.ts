// MurmurHash3_x86_32 by Austin Appleby (public domain).

/** The 32-bit hash of `bytes[start..end)`, unsigned. A count of hashes of 32 bits is biased above some 10^7 values. */
export function hashBytes32(bytes: Uint8Array, start: number, end: number, seed: number): number {
  let hash = seed | 0
  let at = start
  for (const last = end - 4; at <= last; at += 4) {
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
    hash ^= scramble(word)
    hash = (hash << 13) | (hash >>> 19)
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0
  }
  if (at < end) {
    let word = 0
    for (let i = end - 1; i >= at; i--) word = (word << 8) | bytes[i]!
    hash ^= scramble(word)
  }
  hash ^= end - start
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

function scramble(word: number): number {
  const product = Math.imul(word, 0xcc9e2d51)
  return Math.imul((product << 15) | (product >>> 17), 0x1b873593)
}
