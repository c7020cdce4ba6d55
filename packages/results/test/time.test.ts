import fc from 'fast-check'
import { expect, it, test } from 'vitest'
import { formatLocal, formatUtc, parseTime } from '../src/index.js'
import { times } from './arbitraries.js'

test('an instant in UTC is written as Date writes it, and read back', () => {
  fc.assert(
    fc.property(times, (time) => {
      expect(formatUtc(time)).toBe(new Date(time).toISOString())
      expect(parseTime(formatUtc(time))).toBe(time)
    }),
    { numRuns: 2_000 },
  )
})

test('an instant with any offset of whole seconds is read back', () => {
  const offsets = fc.integer({ min: -16 * 3600, max: 16 * 3600 })
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(1, 0, 2), max: Date.UTC(9998, 0) }), offsets, (time, offset) => {
      expect(parseTime(formatLocal(time, () => offset * 1000))).toBe(time)
    }),
    { numRuns: 2_000 },
  )
})

it.each([
  [0, '2016-07-11T13:39:00.000+00:00'],
  [7_200_000, '2016-07-11T15:39:00.000+02:00'],
  [-12_600_000, '2016-07-11T10:09:00.000-03:30'],
  [3_208_000, '2016-07-11T14:32:28.000+00:53:28'],
  [-57_360_000, '2016-07-10T21:43:00.000-15:56'],
])('an offset of %i ms is written as in %s', (offset, text) => {
  expect(formatLocal(Date.UTC(2016, 6, 11, 13, 39), () => offset)).toBe(text)
})

it.each([
  '',
  '2016-07-11',
  '2016-07-11T13:39:00Z',
  '2016-07-11T13:39:00.000',
  '2016-02-30T00:00:00.000Z',
  '2015-02-29T00:00:00.000Z',
  '2016-13-01T00:00:00.000Z',
  '2016-07-11T24:00:00.000Z',
  '2016-07-11T13:60:00.000Z',
  '2016-07-11T13:39:60.000Z',
  '2016-07-11T13:39:00.000+02:60',
  '-000000-01-01T00:00:00.000Z',
  '+275760-09-13T00:00:00.001Z',
])('%j is no time of a result', (text) => {
  expect(parseTime(text)).toBeNaN()
})
