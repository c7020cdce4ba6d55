import { expect, test } from 'vitest'
import { Random } from '../../src/frames/random.js'
import { SkewedChoice } from '../../src/frames/skewed-choice.js'

test.each([0, 0.5, 1, 1.3, 3])(
  'with exponent %d each number comes as often as its weight says',
  (exponent) => {
    const size = 20
    const draws = 100_000
    const weights = Array.from({ length: size }, (_, k) => (k + 1) ** -exponent)
    const sum = weights.reduce((a, b) => a + b)
    const seen = new Array<number>(size).fill(0)
    const choice = new SkewedChoice(size, exponent)
    const random = new Random(7, 1)
    for (let draw = 0; draw < draws; draw++) seen[choice.next(random)]!++
    // Chi-squared with 19 degrees of freedom: 60 is exceeded once in 300,000 (small expectations are pooled).
    let squares = 0
    for (const [k, weight] of weights.entries()) {
      const expected = (draws * weight) / sum
      squares += (seen[k]! - expected) ** 2 / Math.max(expected, 5)
    }
    expect(squares).toBeLessThan(60)
  },
)

test('a pool of one always gives its only number', () => {
  const random = new Random(1, 1)
  for (const exponent of [0, 1, 2]) expect(new SkewedChoice(1, exponent).next(random)).toBe(0)
})
