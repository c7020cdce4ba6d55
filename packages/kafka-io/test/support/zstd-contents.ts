/** Contents of test/fixtures/zstd by the names that its files begin with; chosen so that all parts of the format occur. */
export const zstdContents: Record<string, () => Buffer> = {
  empty: () => Buffer.alloc(0),
  byte: () => Buffer.from('a'),
  letters: () => Buffer.from(numbers(1, 200, 16).map((n) => 97 + n)),
  noise: () => Buffer.from(numbers(2, 3000, 256)),
  /** Symbols below eight, so that the weights of their tree are few. */
  octal: () => Buffer.from(numbers(3, 2000, 8).map((n) => n & (n >> 1))),
  /** A frame for each remainder that a checksum can end with. */
  prefixes: () => Buffer.concat(Array.from({ length: 71 }, (_, i) => Buffer.from(numbers(2, i, 256)))),
  zeros: () => Buffer.alloc(300_000),
  period: () => Buffer.from('one and two and three and '.repeat(40)),
  /** The same count of literals and the same match each time. */
  even: () => {
    const random = Buffer.from(numbers(4, 1200, 256))
    const same = Buffer.from('What does not change is longer than any three of the rest.')
    return Buffer.concat(
      Array.from({ length: 200 }, (_, i) => [random.subarray(6 * i, 6 * i + 6), same]).flat(),
    )
  },
  manyLetters: () => Buffer.from(numbers(9, 20_000, 16).map((n) => 97 + n)),
  lines: () => lines(5, 150),
  /** Four blocks, with matches that reach far back. */
  long: () =>
    Buffer.concat([lines(6, 700), Buffer.from(numbers(7, 4000, 256)), lines(6, 2600), lines(8, 100)]),
}

/** JSON lines of some users. */
function lines(seed: number, count: number): Buffer {
  const random = numbers(seed, count * 3, 1 << 20)
  const text = Array.from({ length: count }, (_, i) => {
    const [user, place, wait] = random.slice(i * 3, i * 3 + 3) as [number, number, number]
    return `{"uid":"${((user % 97) * 7919).toString(16)}","ts":${1468244384 + (i >> 2)},"place":"${'harbor inlet lichen'.split(' ')[place % 3]}","wait":${wait % 50 === 0 ? wait : 3}}\n`
  })
  return Buffer.from(text.join(''))
}

/** Numbers below `below`, the same for the same seed (a linear congruential generator). */
function numbers(seed: number, count: number, below: number): number[] {
  let state = seed
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  })
}
