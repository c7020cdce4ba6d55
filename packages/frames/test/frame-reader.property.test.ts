import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hostileSource } from './hostile-lines.js'
import { modelOf } from './model.js'
import { cut, plainOptions, readAll } from './read-all.js'

const anyOptions = fc.record({
  key: fc.constantFrom('uid', 'a.b', 'uid.a.b', '__proto__', 'constructor', null),
  time: fc.constantFrom('ts', 'ts', 'ts', 'a.ts', 'a'),
  timeUnit: fc.constantFrom('auto' as const, 's' as const, 'ms' as const, 'us' as const),
  groupBy: fc.constantFrom(null, 'grp', 'a', 'a.b', 'uid'),
  maxLine: fc.constantFrom(1 << 20, 40, 100, 1),
  rows: fc.constantFrom(1, 3, 4096),
})

describe('laws of the frame reader', () => {
  test('hostile and damaged lines become what the JSON.parse model says, whatever the chunks', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(
        hostileSource,
        anyOptions,
        fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 5 }),
        (source, options, sizes) => {
          const model = modelOf(source, options)
          for (const row of model.rows) seen.add(row.status)
          expect(readAll(source, options, cut(source, sizes))).toEqual(model)
        },
      ),
      { numRuns: 1500 },
    )
    // Otherwise the law was not tried on every reason.
    expect(seen.size).toBe(9)
  })

  test('any bytes at all become what the model says', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (source, size) => {
        const options = { ...plainOptions, maxLine: 20 }
        expect(readAll(source, options, cut(source, [size]))).toEqual(modelOf(source, options))
      }),
      { numRuns: 1000 },
    )
  })
})
