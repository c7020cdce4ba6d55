import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareGroups, type Result, resultOrder } from '../src/index.js'
import { example, groups, results } from './arbitraries.js'

test('finals come before corrections, each by end, size and group, null first, a total behind its groups', () => {
  const of = (changes: Partial<Result>) => ({ ...example, ...changes })
  const minute = example.end
  const ordered = [
    of({}),
    of({ group: '' }),
    of({ group: 'a' }),
    of({ group: 'é' }),
    of({ total: true }),
    of({ window: '5m', start: minute - 300_000 }),
    of({ window: '5m', start: minute - 300_000, total: true }),
    of({ window: '1m', start: minute, end: minute + 60_000 }),
    of({ window: '1m', start: minute - 60_000, pane: 'corrected' }),
  ]
  expect([...ordered].reverse().sort(resultOrder(['1m', '5m']))).toEqual(ordered)
})

test('groups of text are ordered as their bytes are', () => {
  const wellFormed = fc
    .oneof(groups, fc.constantFrom('\uffff', '\u{10000}', '\ud7ff', '\ue000'))
    .map((text) => {
      // A lone surrogate has no bytes of its own.
      return Buffer.from(text).toString()
    })
  fc.assert(
    fc.property(wellFormed, wellFormed, (a, b) => {
      expect(Math.sign(compareGroups(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)))
    }),
    { numRuns: 3_000 },
  )
})

test('the order is total: sorting any shuffle gives the same', () => {
  const order = resultOrder(['1m', '1h'])
  const few = results.map((result) => ({ ...result, window: result.revision % 2 === 0 ? '1m' : '1h' }))
  fc.assert(
    fc.property(fc.array(few, { maxLength: 8 }), (list) => {
      const keys = (of: Result[]) =>
        of.map(({ pane, end, window, total, group }) =>
          JSON.stringify([pane, end, window, total ?? 0, group]),
        )
      expect(keys([...list].reverse().sort(order))).toEqual(keys([...list].sort(order)))
    }),
  )
})

test('a window that was not named is refused', () => {
  expect(() => [example, { ...example, window: '2m' }].sort(resultOrder(['1m']))).toThrow(
    expect.objectContaining({ code: 'bad-option' }),
  )
})
