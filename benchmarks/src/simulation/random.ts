/** A seeded source of random numbers: sfc32 of PractRand. */
export function randomSource(seed: number) {
  let [a, b, c, counter] = [seed | 0, 0x9e3779b9 | 0, 0x243f6a88 | 0, 1]
  const word = () => {
    const result = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + result
    return result >>> 0
  }
  for (let i = 0; i < 16; i++) word()
  const uniform = () => (word() + 0.5) / 2 ** 32
  return {
    word,
    uniform,
    /** Rows of four random words each. */
    hashes: (rows: number) => Uint32Array.from({ length: 4 * rows }, word),
    /** 1 with probability 1/2, 2 with 1/4, and so on. */
    geometric: () => 1 + Math.floor(-Math.log2(uniform())),
    /** How many values pass until one changes a sketch that each changes with this probability, that one included. */
    waiting: (probability: number) => Math.max(1, Math.ceil(Math.log(uniform()) / Math.log1p(-probability))),
  }
}

export type Random = ReturnType<typeof randomSource>
