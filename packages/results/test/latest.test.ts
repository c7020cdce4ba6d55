import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LatestResults, type Result, resultKey } from '../src/index.js'
import { example } from './arbitraries.js'

const few = fc.record({
  window: fc.constantFrom('1m', '1h', '__proto__'),
  minute: fc.nat(2),
  group: fc.constantFrom(null, '', 'null', 'total', '__proto__'),
  total: fc.boolean(),
  revision: fc.nat(3),
})

test('the highest revision of each key is kept, of equal ones the later, in whatever order they come', () => {
  fc.assert(
    fc.property(fc.array(few), (rows) => {
      const latest = new LatestResults()
      const expected = new Map<string, Result>()
      rows.forEach(({ window, minute, group, total, revision }, i) => {
        const start = example.start + minute * 60_000
        const end = start + 60_000
        const result: Result = {
          ...{ ...example, window, start, end, revision, events: 20480 + i },
          ...(total ? { group: null, total } : { group }),
        }
        const key = resultKey(result)
        const known = expected.get(key)
        const isNewer = known === undefined || known.revision <= revision
        expect(latest.add(result)).toBe(isNewer)
        if (isNewer) expected.set(key, result)
        expect(latest.get(result)).toBe(expected.get(key))
      })
      expect(latest.size).toBe(expected.size)
      expect(new Set(latest.values())).toEqual(new Set(expected.values()))
      expect([...latest.values('1h')]).toEqual(
        expect.arrayContaining([...expected.values()].filter((r) => r.window === '1h')),
      )
    }),
    { numRuns: 500 },
  )
})

test('windows that ended are forgotten, of all sizes or of one', () => {
  const latest = new LatestResults()
  const later = { ...example, start: example.end, end: example.end + 60_000 }
  const hour = { ...example, window: '1h' }
  for (const result of [example, { ...example, group: 'a' }, later, hour]) latest.add(result)
  latest.forget(example.end, '1m')
  expect([...latest.values()]).toEqual([later, hour])
  latest.forget(later.end)
  expect(latest.size).toBe(0)
  expect(latest.get(later)).toBeUndefined()
})
