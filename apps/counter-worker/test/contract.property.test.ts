import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countInProcess } from './count-in-process.js'
import { model } from './model.js'

const second = 1_000
/** Small sizes, so that a few frames cross many windows. */
const sizes = [
  ['10s', 10 * second],
  ['30s', 30 * second],
  ['1m', 60 * second],
] as const

const frame = fc.record({
  key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  // Mostly near the beginning, sometimes far ahead or behind, as damaged times are.
  time: fc.oneof(
    { weight: 12, arbitrary: fc.nat(200) },
    { weight: 2, arbitrary: fc.nat(5_000) },
    { weight: 1, arbitrary: fc.integer({ min: -100_000, max: 100_000 }) },
  ),
  group: fc.constantFrom(null, 'x', 'y'),
})

test('random streams under random settings give what the plain model gives, whatever the chunks', () => {
  fc.assert(
    fc.property(
      fc.array(frame, { maxLength: 60 }),
      fc.nat(20),
      fc.nat(120),
      fc.option(fc.nat(300)),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 300 }),
      (rows, outOfOrder, lateness, maxAhead, count, chunkSize) => {
        const frames = rows.map(({ key, time, group }) => ({ key, time: time * second, group }))
        const lines = rows.map(({ key, time, group }) => `${JSON.stringify({ uid: key, ts: time, group })}\n`)
        const words = [
          ...[
            '--windows',
            sizes
              .slice(0, count)
              .map(([name]) => name)
              .join(','),
          ],
          ...['--out-of-order', `${outOfOrder}s`, '--lateness', `${lateness}s`, '--group-by', 'group'],
          ...[
            '--max-ahead',
            maxAhead === null ? 'off' : `${maxAhead + 1}s`,
            '--estimator',
            'exact',
            '--time-unit',
            's',
          ],
        ]
        const expected = model(frames, {
          sizes: sizes.slice(0, count),
          outOfOrder: outOfOrder * second,
          lateness: lateness * second,
          maxAhead: maxAhead === null ? Number.POSITIVE_INFINITY : (maxAhead + 1) * second,
        })
        const counted = countInProcess(words, Buffer.from(lines.join('')), chunkSize)
        expect(
          counted.results.map(({ window, start, group, count: users, events, pane, revision }) => {
            return { window, start, group, users, events, pane, revision }
          }),
        ).toEqual(expected.results)
        expect(counted.sums.counted).toBe(expected.counted)
        expect(counted.refused).toHaveLength(expected.late.length)
      },
    ),
    { numRuns: 3_000 },
  )
})
