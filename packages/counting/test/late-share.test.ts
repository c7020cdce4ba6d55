import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LateShare } from '../src/count/late-share.js'

test('it counts the late among the last 1,000 frames, however they come in runs', () => {
  const runs = fc.array(fc.tuple(fc.oneof(fc.nat({ max: 30 }), fc.nat({ max: 2500 })), fc.boolean()))
  fc.assert(
    fc.property(runs, (all) => {
      const share = new LateShare()
      const frames: boolean[] = []
      for (const [count, isLate] of all) {
        share.add(count, isLate)
        for (let i = 0; i < count; i++) frames.push(isLate)
        const late = frames.slice(-1000).filter(Boolean).length
        expect(share.late).toBe(late)
        expect(share.ratio).toBe(frames.length < 1000 ? 0 : late / 1000)
      }
    }),
  )
})
