import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { driveGuard, shown } from './guard-drive.js'
import { type GuardFrame, guardModel } from './guard-model.js'

const maxAhead = 50

/** Stretches of a stream: steady ones, jumps, strays, and floods of more frames than the guard holds. */
const streamsOf = (floods: number): fc.Arbitrary<GuardFrame[]> =>
  fc
    .array(
      fc.record({
        count: fc.oneof(
          { weight: 24, arbitrary: fc.integer({ min: 1, max: 6 }) },
          { weight: 2, arbitrary: fc.integer({ min: 97, max: 103 }) },
          { weight: floods, arbitrary: fc.integer({ min: 1000, max: 1100 }) },
        ),
        jump: fc.oneof(
          fc.constantFrom(0, 0, maxAhead, maxAhead + 1, -maxAhead, 2 * maxAhead + 1, 1000),
          fc.integer({ min: -200, max: 400 }),
        ),
        stray: fc.boolean(),
        spread: fc.constantFrom(0, 0, 3, maxAhead, 120),
        keys: fc.integer({ min: 1, max: 5 }),
        firstKey: fc.nat({ max: 3 }),
        beyond: fc.constantFrom(0, 0, 0, 2, 3),
        seed: fc.nat(),
      }),
      { maxLength: 14 },
    )
    .map((stretches) => {
      const frames: GuardFrame[] = []
      let now = 0
      for (const { count, jump, stray, spread, keys, firstKey, beyond, seed } of stretches) {
        const from = now + jump
        if (!stray) now = from
        for (let i = 0; i < count; i++) {
          // Any mixing will do that makes ties and repeats, and is the same in each run.
          const mixed = Math.imul(seed + i, 2_654_435_761) >>> 8
          const key = firstKey + ((mixed >>> 3) % keys)
          frames.push({ key, t: from + (mixed % (spread + 1)), beyond: beyond > 0 && mixed % beyond === 0 })
        }
      }
      return frames
    })

const seeds = fc.array(fc.boolean(), { minLength: 1, maxLength: 9 })
const by = (seed: readonly boolean[]) => (index: number) => seed[index % seed.length]!

describe('the far-future guard inside the engine', () => {
  it('processes, loses and trusts what the model does, however batches are cut and wherever it is restored', () => {
    fc.assert(
      fc.property(streamsOf(0), seeds, seeds, (frames, cuts, restarts) => {
        const cut = by(cuts)
        expect(driveGuard(frames, maxAhead, { cut, restart: by(restarts) })).toEqual(
          shown(guardModel(frames, maxAhead), cut),
        )
      }),
      { numRuns: 500 },
    )
  })

  it('loses the oldest of more than 1,024 held frames', () => {
    fc.assert(
      fc.property(streamsOf(3), seeds, (frames, cuts) => {
        const cut = by(cuts)
        expect(driveGuard(frames, maxAhead, { cut, restart: () => false })).toEqual(
          shown(guardModel(frames, maxAhead), cut),
        )
      }),
      { numRuns: 200 },
    )
  })
})
