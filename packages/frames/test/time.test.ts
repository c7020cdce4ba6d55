import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesOf, plainOptions, readAll } from './read-all.js'

type Unit = (typeof plainOptions)['timeUnit']

/** The time in ms, or the reason. */
function timeOf(written: string, timeUnit: Unit): number | string {
  const [row] = readAll(bytesOf(`{"uid":"u","ts":${written}}`), { ...plainOptions, timeUnit }).rows
  return row!.status === 'counted' ? row!.time : row!.status
}

function iso(text: string): number | string {
  return timeOf(JSON.stringify(text), 'iso')
}

describe('numbers as times', () => {
  test.each<[string, Unit, number | string]>([
    ['1468244384', 'auto', 1468244384000],
    ['99999999999', 'auto', 99999999999000],
    ['99999999999.9999', 'auto', 99999999999999],
    ['100000000000', 'auto', 100000000000],
    ['1e11', 'auto', 100000000000],
    ['99999999999999', 'auto', 99999999999999],
    ['100000000000000', 'auto', 100000000000],
    ['1468244384123456', 'auto', 1468244384123],
    ['-99999999999', 'auto', 'bad-time'],
    ['-100000000000', 'auto', -100000000000],
    ['1.001', 's', 1001],
    ['1468244384.9999999', 's', 1468244384999],
    ['-0.0001', 's', -1],
    ['-1.5', 'ms', -2],
    ['1999', 'us', 1],
    ['-1', 'us', -1],
    ['-1000', 'us', -1],
    ['1e3', 'us', 1],
    ['14682.44384E+05', 's', 1468244384000],
    ['0.000000000000001e18', 'ms', 1000],
    ['0', 's', 0],
    ['-0', 's', 0],
    ['-0.0', 's', 0],
    ['0e999999999999999999999', 's', 0],
    ['0.0', 'auto', 0],
    ['1e400', 'auto', 'bad-time'],
    ['-1e400', 'auto', 'bad-time'],
    ['1e99999999999999999999', 'auto', 'bad-time'],
    ['1e-99999999999999999999', 'auto', 0],
    ['-62135596800', 's', -62135596800000],
    ['-62135596800.001', 's', 'bad-time'],
    ['253370764799.999999', 's', 253370764799999],
    ['253370764800', 's', 'bad-time'],
    ['253370764799999', 'ms', 253370764799999],
    ['253370764800000000', 'us', 'bad-time'],
    ['"1468244384"', 'auto', 'bad-time'],
    ['null', 'auto', 'bad-time'],
    ['true', 'auto', 'bad-time'],
    ['{}', 's', 'bad-time'],
    ['[1]', 'ms', 'bad-time'],
    ['1468244384', 'iso', 'bad-time'],
    ['null', 'iso', 'bad-time'],
  ])('%s in unit %s is %s', (written, unit, expected) => {
    expect(timeOf(written, unit)).toBe(expected)
  })

  test('5,000 digits are read exactly', () => {
    expect(timeOf(`1.${'0'.repeat(5000)}1`, 's')).toBe(1000)
    expect(timeOf(`0.${'0'.repeat(5000)}1e5001`, 'ms')).toBe(1)
    expect(timeOf(`1${'0'.repeat(5000)}e-5000`, 'ms')).toBe(1)
    expect(timeOf('9'.repeat(5000), 'ms')).toBe('bad-time')
  })
})

describe('ISO 8601 times', () => {
  test.each<[string, string]>([
    ['2016-07-11T13:39:44Z', '2016-07-11T13:39:44.000Z'],
    ['2016-07-11T13:39Z', '2016-07-11T13:39:00.000Z'],
    ['2016-07-11', '2016-07-11T00:00:00.000Z'],
    ['2016-07-11T13:39:44', '2016-07-11T13:39:44.000Z'],
    ['2016-07-11 13:39:44,123456789+00', '2016-07-11T13:39:44.123Z'],
    ['2016-07-11t13:39:44.9z', '2016-07-11T13:39:44.900Z'],
    ['2016-07-11T13:39:44.1+05:30', '2016-07-11T08:09:44.100Z'],
    ['2016-07-11T13:39:44-0830', '2016-07-11T22:09:44.000Z'],
    ['1969-12-31T23:59:59.9999Z', '1969-12-31T23:59:59.999Z'],
    ['2016-02-29T24:00:00Z', '2016-03-01T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['9998-12-31T23:59:59.999Z', '9998-12-31T23:59:59.999Z'],
    ['0001-01-01T01:00:00+01:00', '0001-01-01T00:00:00.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(iso(text)).toBe(Date.parse(expected))
  })

  test.each([
    ...[
      '',
      '2016',
      '2016-07',
      '2016-7-11',
      '2016-13-01',
      '2016-00-10',
      '2016-01-00',
      '2016-04-31',
      '2015-02-29',
    ],
    ...[
      '1900-02-29',
      '2016-07-11T',
      '2016-07-11T13',
      '2016-07-11T13:3',
      '2016-07-11T24:00:01Z',
      '2016-07-11T25:00Z',
    ],
    ...['2016-07-11T13:60Z', '2016-07-11T13:39:60Z', '2016-07-11T13:39:44.Z', '2016-07-11T13:39:44ZZ'],
    ...[
      '2016-07-11T13:39:44+5',
      '2016-07-11T13:39:44+24:00',
      '2016-07-11T13:39:44+05:60',
      '2016-07-11T13:39:44+053',
    ],
    ...['2016-07-11T13:39:44+05:3', '2016-07-11T24:00:00.001Z', '2016-07-11T24:00:00.0001Z', '+002016-07-11'],
    ...[
      '0000-12-31T23:59:59Z',
      '0001-01-01T00:59:59+01:00',
      '9998-12-31T23:59:59-00:01',
      '9999-01-01',
      'today',
    ],
    ...['2016-07-11T13:39:44 Z', ' 2016-07-11', '2016-07-11T1a:39:44Z', '2016-07-1１'],
  ])('%j is bad-time', (text) => {
    expect(iso(text)).toBe('bad-time')
  })

  test('escapes in the text are decoded', () => {
    expect(timeOf('"2016\\u002d07-11T13:39:44\\u005A"', 'iso')).toBe(Date.parse('2016-07-11T13:39:44Z'))
  })

  test('every day and offset agrees with the calendar of the engine', () => {
    const first = Date.parse('0001-01-02')
    const last = Date.parse('9998-12-30')
    fc.assert(
      fc.property(
        fc.integer({ min: first, max: last }),
        fc.integer({ min: -1439, max: 1439 }),
        (time, offset) => {
          const local = new Date(time + offset * 60_000).toISOString().slice(0, -1)
          const minutes = Math.abs(offset)
          const [hh, mm] = [Math.floor(minutes / 60), minutes % 60].map((n) => String(n).padStart(2, '0'))
          expect(iso(`${local}${offset < 0 ? '-' : '+'}${hh}:${mm}`)).toBe(time)
        },
      ),
      { numRuns: 2000 },
    )
  })
})
