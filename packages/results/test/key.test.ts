import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { parseResultHeaders, parseResultKey, resultHeaders, resultKey } from '../src/index.js'
import { example, results } from './arbitraries.js'

test('a key names window, start and group, and marks a total', () => {
  expect(resultKey(example)).toBe('["1m","2016-07-11T13:39:00.000Z",null]')
  expect(resultKey({ ...example, group: 'a"b' })).toBe('["1m","2016-07-11T13:39:00.000Z","a\\"b"]')
  expect(resultKey({ ...example, total: true })).toBe('["1m","2016-07-11T13:39:00.000Z",null,"total"]')
})

test('every key and its headers are read back', () => {
  fc.assert(
    fc.property(results, (result) => {
      const { window, start, group, total, pane, revision } = result
      const name = { window, start, group, ...(total && { total }) }
      expect(parseResultKey(resultKey(result))).toEqual(name)
      expect(JSON.stringify(JSON.parse(resultKey(result)))).toBe(resultKey(result))
      if (revision <= 999_999_999_999_999) {
        expect(parseResultHeaders(resultHeaders(result))).toEqual({ pane, revision })
      }
    }),
    { numRuns: 2_000 },
  )
})

describe('anything else is refused', () => {
  it.each([
    '',
    'null',
    '{}',
    '["1m"]',
    '["1m","2016-07-11T13:39:00.000Z"]',
    '["","2016-07-11T13:39:00.000Z",null]',
    '["1m","2016-07-11T15:39:00.000+02:00",null]',
    '["1m","2016-07-11T13:39:00.000Z",1]',
    '["1m","2016-07-11T13:39:00.000Z","a","total"]',
    '["1m","2016-07-11T13:39:00.000Z",null,"sum"]',
    '["1m","2016-07-11T13:39:00.000Z",null,"total",1]',
  ])('as a key: %s', (key) => {
    expect(() => parseResultKey(key)).toThrow(expect.objectContaining({ code: 'bad-key' }))
  })

  it.each([{}, { pane: 'final' }, { pane: 'late', revision: '0' }, { pane: 'final', revision: '01' }])(
    'as headers: %j',
    (headers) => {
      expect(() => parseResultHeaders(headers)).toThrow(expect.objectContaining({ code: 'bad-field' }))
    },
  )
})
