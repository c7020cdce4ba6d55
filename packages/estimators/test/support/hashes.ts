/** Rows of simulated hashes (splitmix64 of a seed and a counter), as the counters take them. */
export function simulatedHashes(seed: number, from: number, count: number): Uint32Array {
  const hashes = new Uint32Array(4 * count)
  const words = new BigUint64Array(1)
  const halves = new Uint32Array(words.buffer)
  const mask = 0xffffffffffffffffn
  for (let row = 0; row < count; row++) {
    for (let part = 0; part < 2; part++) {
      let z = (BigInt(seed) * 0x1234567n + BigInt(2 * (from + row) + part + 1) * 0x9e3779b97f4a7c15n) & mask
      z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask
      z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask
      words[0] = z ^ (z >> 31n)
      hashes[4 * row + 2 * part] = halves[0]!
      hashes[4 * row + 2 * part + 1] = halves[1]!
    }
  }
  return hashes
}

/** The rows of a matrix of hashes in the order given. */
export function pickRows(hashes: Uint32Array, rows: readonly number[]): Uint32Array {
  const picked = new Uint32Array(4 * rows.length)
  rows.forEach((row, at) => {
    picked.set(hashes.subarray(4 * row, 4 * row + 4), 4 * at)
  })
  return picked
}

/** Text that fails with a readable difference, and compares faster than arrays do. */
export const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/** A fast seeded source of 32-bit words (sfc32 of PractRand), for statistics over millions of simulated hashes. */
export function randomWords(seed: number): (into: Uint32Array) => void {
  let a = seed | 0
  let b = 0x9e3779b9 | 0
  let c = 0x243f6a88 | 0
  let counter = 1
  const fill = (into: Uint32Array) => {
    for (let i = 0; i < into.length; i++) {
      const word = (a + b + counter) | 0
      counter = (counter + 1) | 0
      a = b ^ (b >>> 9)
      b = (c + (c << 3)) | 0
      c = ((c << 21) | (c >>> 11)) + word
      into[i] = word
    }
  }
  fill(new Uint32Array(16))
  return fill
}
