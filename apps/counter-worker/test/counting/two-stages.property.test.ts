import type { Result } from '@card/results'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countInProcess } from '../count-in-process.js'

/** Lines that go on by up to a minute, some late, flipped, malformed or of many groups. */
const input = fc
  .array(
    fc.record({
      step: fc.nat({ max: 40 }),
      back: fc.oneof(
        { arbitrary: fc.constant(0), weight: 5 },
        { arbitrary: fc.nat({ max: 4000 }), weight: 1 },
      ),
      flip: fc.oneof(
        { arbitrary: fc.constant(0), weight: 15 },
        { arbitrary: fc.constant(2 ** 24), weight: 1 },
      ),
      user: fc.nat({ max: 40 }),
      group: fc.constantFrom('null', '"a"', '"b"', '"é"', '""', '7', '"c"'),
      broken: fc.oneof(
        { arbitrary: fc.constant(false), weight: 15 },
        { arbitrary: fc.constant(true), weight: 1 },
      ),
    }),
    { maxLength: 150 },
  )
  .map((lines) => {
    let now = 1_468_238_400
    return lines
      .map(({ step, back, flip, user, group, broken }) => {
        now += step
        return `{"uid":"u${user}","ts":${now - back + flip},"g":${group}${broken ? '' : '}'}\n`
      })
      .join('')
  })

const flags = fc
  .tuple(
    fc.constantFrom('1m', '1m,1h', '7m,1h,1d', '1h,1w,1M'),
    fc.constantFrom([], ['--rolling', '3m/1m'], ['--totals']),
    fc.constantFrom(
      [],
      ['--lateness', '10m'],
      ['--max-groups', '2'],
      ['--max-groups', '1', '--group-overflow', 'reject'],
    ),
    fc.constantFrom('auto', 'exact', 'hll', 'linear', 'ull'),
  )
  .map(([windows, more, group, estimator]) => {
    const words = ['--windows', windows, '--group-by', 'g', '--estimator', estimator, ...more, ...group]
    if (estimator === 'auto') words.push('--exact-limit', '8', '--sketches')
    return estimator === 'linear' ? [...words, '--expected', '1000'] : words
  })

test('two stages give the contents of one, for any sizes, views, totals and caps on groups', () => {
  fc.assert(
    fc.property(flags, input, (words, text) => {
      const newest = (results: readonly Result[]) =>
        new Map(
          results.map(({ pane: _, revision: __, ...result }) => {
            const { window, start, group, total = false } = result
            return [JSON.stringify([window, start, group, total]), result]
          }),
        )
      const expected = countInProcess(words, Buffer.from(text), 1024)
      const found = countInProcess(words, Buffer.from(text), 1024, { inTwoStages: true })
      expect(newest(found.results)).toEqual(newest(expected.results))
      expect([...found.refused].sort()).toEqual([...expected.refused].sort())
      expect(found.sums).toEqual(expected.sums)
    }),
    { numRuns: 150 },
  )
})
