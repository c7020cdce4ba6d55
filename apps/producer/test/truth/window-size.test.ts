import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseWindowSize } from '../../src/truth/window-size.js'

const names = ['1ms', '250ms', '1s', '7s', '90s', '1m', '5m', '1h', '7h', '1d', '1w', '1M', '1q', '1y']

test.each(names)('%s cuts time into windows without gap or overlap', (name) => {
  const size = parseWindowSize(name)!
  fc.assert(
    fc.property(fc.integer({ min: -62_000_000_000, max: 90_000_000_000 }), (second) => {
      const index = size.indexOf(second)
      expect(size.startOf(index)).toBeLessThanOrEqual(second * 1000)
      expect(size.startOf(index + 1)).toBeGreaterThan(second * 1000)
    }),
  )
})

test.each([
  ['1m', '2016-07-11T13:39:00.000Z', '2016-07-11T13:40:00.000Z'],
  ['1d', '2016-07-11T00:00:00.000Z', '2016-07-12T00:00:00.000Z'],
  ['1w', '2016-07-11T00:00:00.000Z', '2016-07-18T00:00:00.000Z'],
  ['1M', '2016-07-01T00:00:00.000Z', '2016-08-01T00:00:00.000Z'],
  ['1q', '2016-07-01T00:00:00.000Z', '2016-10-01T00:00:00.000Z'],
  ['1y', '2016-01-01T00:00:00.000Z', '2017-01-01T00:00:00.000Z'],
])('the first frame of the published stream is in the %s from %s to %s', (name, start, end) => {
  const size = parseWindowSize(name)!
  const index = size.indexOf(1468244384)
  expect(new Date(size.startOf(index)).toISOString()).toBe(start)
  expect(new Date(size.startOf(index + 1)).toISOString()).toBe(end)
})

test.each(['', '0m', '1', 'm', '2d', '2w', '3M', '1D', '-1m', '1.5m', '1m '])('%j names no size', (name) => {
  expect(parseWindowSize(name)).toBeNull()
})
