import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Aggregate, WindowEngine } from '../src/index.js'
import { Driver } from './drive.js'
import { engineOf, histories, run } from './histories.js'
import { userSets } from './user-set.js'

/** Counts how many states it makes and empties. */
function clearingSets() {
  const made = { created: 0, cleared: 0 }
  const aggregate: Aggregate<Set<number>> = {
    ...userSets,
    create: () => {
      made.created++
      return new Set()
    },
    clear: (state) => {
      made.cleared++
      state.clear()
    },
  }
  return { aggregate, made }
}

describe('states that are used again', () => {
  it('give the panes of states that are made anew', () => {
    fc.assert(
      fc.property(histories, fc.boolean(), ({ options, flush, input }, totals) => {
        const { aggregate } = clearingSets()
        const { record } = run(new Driver(engineOf(options, { aggregate, totals }), totals), { input, flush })
        expect(record).toEqual(
          run(new Driver(engineOf(options, { totals }), totals), { input, flush }).record,
        )
      }),
      { numRuns: 3_000 },
    )
  })

  it('are no more than two windows need, however many there are', () => {
    const { aggregate, made } = clearingSets()
    const engine = new WindowEngine({
      sizes: [
        { name: '1s', length: 1000 },
        { name: '5s', length: 5000 },
      ],
      aggregate,
    })
    const driver = new Driver(engine)
    for (let second = 0; second < 100; second++) {
      driver.push(Array.from({ length: 20 }, (_, group) => ({ p: 0, t: second * 1000, user: group, group })))
    }
    expect(made.created).toBeLessThanOrEqual(40)
    expect(made.cleared).toBeGreaterThan(1900)
  })

  it('are not those of a window whose panes somebody still takes one by one', () => {
    const { aggregate, made } = clearingSets()
    const engine = new WindowEngine({ sizes: [{ name: '1s', length: 1000 }], aggregate })
    const driver = new Driver(engine)
    driver.push([1, 2, 3].map((group) => ({ p: 0, t: 0, user: group, group })))
    const taken = engine.announce(1000)[Symbol.iterator]()
    expect(taken.next().value).toMatchObject({ group: 1 })
    driver.push([{ p: 0, t: 5000, user: 9, group: 9 }])
    expect(taken.next()).toEqual({ done: true, value: undefined })
    expect(made.cleared).toBe(0)
  })
})
