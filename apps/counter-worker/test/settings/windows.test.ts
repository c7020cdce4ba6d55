import { describe, expect, test } from 'vitest'
import { rollingList, windowList } from '../../src/settings/windows.js'

describe('windows', () => {
  test('keep the name as typed and the order as given', () => {
    expect(windowList('1h,5m,1d,1w,90s')).toEqual([
      { name: '1h', kind: 'fixed', milliseconds: 3_600_000 },
      { name: '5m', kind: 'fixed', milliseconds: 300_000 },
      { name: '1d', kind: 'calendar', unit: 'day' },
      { name: '1w', kind: 'calendar', unit: 'week' },
      { name: '90s', kind: 'fixed', milliseconds: 90_000 },
    ])
  })

  test.each(['60s,1m', '1m,1m', '1d,1d', '1000ms,1s'])('two names for one size are refused: %s', (text) => {
    expect(() => windowList(text)).toThrow('each size once')
  })

  test.each(['', '1', 'm', '0m', '2d', '7d', '1.5m', '1m,', '1m 1h', '01m', '1x'])(
    '"%s" is refused',
    (text) => {
      expect(() => windowList(text)).toThrow('expected sizes')
    },
  )
})

describe('rolling views', () => {
  test('are so many steps of a window size', () => {
    const counts = rollingList('60m/1m,1h/5m,2d/6h,30d/1d,2w/1d,1y/1M,1q/1M,2y/1q,3w/1w').map(
      ({ name, every, count }) => [name, every.name, count],
    )
    expect(counts).toEqual([
      ['60m/1m', '1m', 60],
      ['1h/5m', '5m', 12],
      ['2d/6h', '6h', 8],
      ['30d/1d', '1d', 30],
      ['2w/1d', '1d', 14],
      ['1y/1M', '1M', 12],
      ['1q/1M', '1M', 3],
      ['2y/1q', '1q', 8],
      ['3w/1w', '1w', 3],
    ])
  })

  test.each(['', '60m', '1m/1m', '90s/1m', '1M/1d', '1M/1w', '30d/2d', '0d/1d', '1y/1w'])(
    '"%s" is refused',
    (text) => {
      expect(() => rollingList(text)).toThrow('expected')
    },
  )

  test.each(['60m/1m,60m/1m', '60m/1m,1h/1m', '60m/1m,30m/1m,1h/60s', '2w/1d,14d/1d', '1y/1M,12M/1M'])(
    'of one length and step are one: "%s" is refused',
    (text) => {
      const names = text.split(',')
      expect(() => rollingList(text)).toThrow(`each view once, found "${names[0]},${names.at(-1)}"`)
    },
  )
})

test('a rolling view has at most 100,000 steps, each of which is published again with every one', () => {
  expect(rollingList('24h/1s')).toHaveLength(1)
  expect(() => rollingList('1000000ms/1ms')).toThrow('expected a length of at most 100,000 steps')
})
