import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EventTime, flipBit } from '../../src/frames/event-time.js'
import { Random } from '../../src/frames/random.js'

const punctual = { start: 1000, rate: 1025, lateProbability: 0, lateMax: 5, flipProbability: 0 }

test('time goes on by a second every --rate frames', () => {
  const time = new EventTime(punctual, new Random(1, 1))
  expect([0, 1024, 1025, 2049, 2050].map((index) => time.of(index))).toEqual([1000, 1000, 1001, 1001, 1002])
})

test('a late frame is 1 to --late-max seconds late, each as often as any other', () => {
  const time = new EventTime({ ...punctual, lateProbability: 100, lateMax: 4 }, new Random(1, 1))
  const seen = new Map<number, number>()
  for (let draw = 0; draw < 8000; draw++) {
    const late = 1000 - time.of(0)
    seen.set(late, (seen.get(late) ?? 0) + 1)
  }
  expect([...seen.keys()].sort()).toEqual([1, 2, 3, 4])
  for (const count of seen.values())
    expect(Math.abs(count - 2000)).toBeLessThan(6 * Math.sqrt(8000 * 0.25 * 0.75))
})

test('a flipped frame differs in exactly one of the 31 low bits, and every bit is hit', () => {
  const time = new EventTime({ ...punctual, flipProbability: 100 }, new Random(1, 1))
  const differences = new Set(Array.from({ length: 2000 }, () => time.of(0) ^ 1000))
  expect([...differences].sort((a, b) => a - b)).toEqual(Array.from({ length: 31 }, (_, bit) => 2 ** bit))
})

test('flipping a bit is the exclusive or of two’s complement, also beyond 32 bits', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
      fc.integer({ min: 0, max: 30 }),
      (value, bit) => {
        expect(flipBit(value, bit)).toBe(Number(BigInt(value) ^ (1n << BigInt(bit))))
      },
    ),
  )
})
