import { GroupTable } from '@card/frames'
import fc from 'fast-check'
import { expect, it, test } from 'vitest'
import { ResultMaker } from '../src/result.js'
import { type CounterOptions, counterAggregate, type WindowState } from '../src/state/window-state.js'

const counters: readonly CounterOptions[] = [
  { estimator: 'auto', exactLimit: 100, precision: 4 },
  { estimator: 'auto', exactLimit: 100, precision: 12 },
  { estimator: 'exact' },
  { estimator: 'linear', bits: 64 },
  { estimator: 'linear', bits: 4096 },
  { estimator: 'hll', precision: 4 },
  { estimator: 'hll', precision: 14 },
  { estimator: 'ull', precision: 3 },
  { estimator: 'ull', precision: 13 },
  { estimator: 'events' },
]

const maker = new ResultMaker(new GroupTable(), null)

/** The figures of a result. */
function figuresOf(state: WindowState, events: number) {
  const window = { window: '1m', size: 0, start: 0, end: 60_000, group: 0, watermark: 0, last: false }
  const pane = { ...window, kind: 'final' as const, revision: 0, events, added: events, state }
  const { count, lower, upper, estimator, events: told } = maker.of(pane)
  return { count, lower, upper, estimator, events: told }
}

function counted(options: CounterOptions, users: number, seed: number) {
  const state = counterAggregate(options).create()
  const hash = new Uint32Array(4 * users)
  // Words of a linear congruential generator, the upper bits in all places.
  let word = seed | 1
  for (let i = 0; i < hash.length; i++) {
    word = (Math.imul(word, 1_664_525) + 1_013_904_223) | 0
    hash[i] = Math.imul(word ^ (word >>> 16), 0x85ebca6b) >>> 0
  }
  state?.addHashes(hash, 0, users)
  return state
}

it.each(counters)('$estimator gives whole numbers, 1 <= lower <= count <= upper <= events', (options) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000 }), fc.nat(3), fc.integer(), (users, more, seed) => {
      const events = users + more
      const { count, lower, upper, events: told } = figuresOf(counted(options, users, seed), events)
      expect(told).toBe(events)
      for (const figure of [count, lower, upper ?? 0]) expect(Number.isInteger(figure)).toBe(true)
      expect(lower).toBeGreaterThanOrEqual(1)
      expect(lower).toBeLessThanOrEqual(count)
      expect(count).toBeLessThanOrEqual(upper ?? events)
      expect(upper ?? events).toBeLessThanOrEqual(events)
    }),
    { numRuns: 150 },
  )
})

test('without a key the events are the count and both bounds', () => {
  const figures = { count: 7, lower: 7, upper: 7, estimator: 'events', events: 7 }
  expect(figuresOf(null, 7)).toEqual(figures)
})
