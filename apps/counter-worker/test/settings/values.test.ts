import { describe, expect, test } from 'vitest'
import {
  byteSize,
  duration,
  durationOrOff,
  keyPath,
  keyPathOrNone,
  oneOf,
  percentage,
  wholeNumber,
  yesOrNo,
} from '../../src/settings/values.js'
import { rollingList, windowList } from '../../src/settings/windows.js'

describe('durations', () => {
  test.each([
    ['500ms', 500],
    ['0s', 0],
    ['5s', 5_000],
    ['1m', 60_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['1w', 604_800_000],
  ])('%s is %d ms', (text, milliseconds) => {
    expect(duration(text)).toBe(milliseconds)
  })

  test.each(['', '5', '5 s', '-5s', '1.5s', '5S', 's', '1M', '999999999999999999w', 'off'])(
    '"%s" is refused',
    (text) => {
      expect(() => duration(text)).toThrow('expected a duration')
    },
  )

  test('off stands for no limit, and zero does not', () => {
    expect(durationOrOff('off')).toBeNull()
    expect(durationOrOff('10s')).toBe(10_000)
    expect(() => durationOrOff('0s')).toThrow('at least 1ms')
  })
})

test('sizes are bytes, decimal or binary, within their bounds', () => {
  const read = byteSize(64, 2 ** 28)
  expect(['64', '64B', '64KiB', '1MiB', '10MB'].map(read)).toEqual([64, 64, 65_536, 1_048_576, 10_000_000])
  for (const text of ['63', '1GiB', '-1', '1.5MiB', '1 MiB', ''])
    expect(() => read(text)).toThrow('expected a size')
})

test('whole numbers and percentages are held to their bounds', () => {
  expect(wholeNumber(4, 21)('14')).toBe(14)
  for (const text of ['3', '22', '4.5', '', '1e1', '0x10'])
    expect(() => wholeNumber(4, 21)(text)).toThrow('from 4 to 21')
  expect(percentage(0.08, 26)('1.5%')).toBe(1.5)
  for (const text of ['0', '27', 'x', '-1'])
    expect(() => percentage(0.08, 26)(text)).toThrow('from 0.08 to 26')
})

test('words, switches and key paths say what was expected', () => {
  expect(oneOf('a', 'b')('b')).toBe('b')
  expect(() => oneOf('a', 'b')('c')).toThrow('expected a or b')
  expect([yesOrNo('true'), yesOrNo('0')]).toEqual([true, false])
  expect(() => yesOrNo('yes')).toThrow('expected true or false')
  expect([keyPath('a.b'), keyPathOrNone('none')]).toEqual(['a.b', null])
  for (const text of ['', '.', 'a.', '.a', 'a..b']) expect(() => keyPath(text)).toThrow('expected a key')
})

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
    expect(() => windowList(text)).toThrow('one size')
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
      expect(() => rollingList(text)).toThrow(`${names[0]} and ${names.at(-1)} are one view: name it once`)
    },
  )
})
