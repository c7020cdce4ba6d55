import type { GuardFrame, GuardLimits } from '@card/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { engineFate, guardFate, modelFate, seenByEngine } from './guard-drive.js'

/** CARD_TEST_GUARD_RUNS asks for more histories than a quick test run has time for. */
const manyRuns = Number(process.env.CARD_TEST_GUARD_RUNS ?? 4000)

const limits: fc.Arbitrary<GuardLimits> = fc.constantFrom(
  { maxAhead: 50, horizon: 50 },
  { maxAhead: 50, horizon: 300 },
  { maxAhead: 0, horizon: 100 },
  { maxAhead: 10, horizon: 10_000 },
)

/** Stretches of a stream: steady ones, jumps, strays, and floods of more frames than the guard holds. */
const streamsOf = (floods: number): fc.Arbitrary<GuardFrame[]> =>
  fc
    .array(
      fc.record({
        count: fc.oneof(
          { weight: 24, arbitrary: fc.integer({ min: 1, max: 6 }) },
          { weight: 2, arbitrary: fc.integer({ min: 97, max: 103 }) },
          { weight: floods, arbitrary: fc.integer({ min: 990, max: 1100 }) },
        ),
        jump: fc.oneof(
          fc.constantFrom(0, 0, 50, 51, -50, 101, 301, 1000, 100_000),
          fc.integer({ min: -200, max: 400 }),
        ),
        stray: fc.boolean(),
        spread: fc.constantFrom(0, 0, 3, 50, 120, 1000),
        stride: fc.constantFrom(0, 0, 0, 1, 40, 70),
        keys: fc.integer({ min: 1, max: 5 }),
        firstKey: fc.nat({ max: 3 }),
        seed: fc.nat(),
      }),
      { maxLength: 14 },
    )
    .map((stretches) => {
      const frames: GuardFrame[] = []
      let now = 0
      for (const { count, jump, stray, spread, stride, keys, firstKey, seed } of stretches) {
        const from = now + jump
        for (let i = 0; i < count; i++) {
          // Any mixing will do that makes ties and repeats, and is the same in each run.
          const mixed = Math.imul(seed + i, 2_654_435_761) >>> 8
          const key = firstKey + ((mixed >>> 3) % keys)
          frames.push({ key, t: from + i * stride + (mixed % (spread + 1)) })
        }
        if (!stray) now = from + (count - 1) * stride
      }
      return frames
    })

/** Whether something happens before a frame, by the bits of a seed. */
const sometimes = fc
  .array(fc.boolean(), { minLength: 1, maxLength: 9 })
  .map((bits) => (index: number) => bits[index % bits.length]!)
const seldom = fc.integer({ min: 2, max: 40 }).map((every) => (index: number) => index % every === every - 1)
const never = fc.constant(() => false)
const interruptions = fc.record({
  idle: fc.oneof(never, seldom),
  restart: fc.oneof(never, seldom, sometimes),
})

describe('the far-future guard counts, loses and trusts what the model does', () => {
  it('wherever it is restored and the partition is idle', () => {
    fc.assert(
      fc.property(streamsOf(0), limits, interruptions, (frames, bounds, between) => {
        expect(guardFate(frames, bounds, between)).toEqual(modelFate(frames, bounds, between))
      }),
      { numRuns: manyRuns },
    )
  })

  it('also where it holds more than 1,024 frames, of which the oldest leave', () => {
    fc.assert(
      fc.property(streamsOf(3), limits, fc.oneof(never, seldom), (frames, bounds, idle) => {
        expect(guardFate(frames, bounds, { idle })).toEqual(modelFate(frames, bounds, { idle }))
      }),
      { numRuns: manyRuns / 20 },
    )
  })

  it('inside the engine, however batches are cut', () => {
    fc.assert(
      fc.property(streamsOf(0), limits, sometimes, interruptions, (frames, bounds, cut, between) => {
        const seen = seenByEngine(modelFate(frames, bounds, between), cut, between)
        expect(engineFate(frames, bounds, cut, between)).toEqual(seen)
      }),
      { numRuns: manyRuns / 8 },
    )
  })
})
