import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WindowEngine } from '../src/index.js'
import { Driver, type PlainPane, type Record, type TestEvent } from './drive.js'
import { type ModelOptions, model } from './model.js'
import { userSets } from './user-set.js'

const plans = [
  { sizes: [{ name: '10', length: 10 }], base: 10 },
  { sizes: [10, 30, 60].map((length) => ({ name: `${length}`, length })), base: 10 },
  { sizes: [4, 10].map((length) => ({ name: `${length}`, length })), base: 2 },
]

const history = fc.record({
  plan: fc.constantFrom(...plans),
  partitions: fc.integer({ min: 1, max: 3 }),
  outOfOrderness: fc.constantFrom(0, 3, 15),
  lateness: fc.constantFrom(0, 5, 25, 100),
  ahead: fc.constantFrom(Number.POSITIVE_INFINITY, 20, 60),
  maxGroups: fc.constantFrom(Number.POSITIVE_INFINITY, 1, 2),
  flush: fc.boolean(),
  cuts: fc.infiniteStream(fc.integer({ min: 1, max: 5 })),
  steps: fc.array(
    fc.record({
      p: fc.nat({ max: 2 }),
      step: fc.oneof(
        { weight: 8, arbitrary: fc.integer({ min: -3, max: 8 }) },
        fc.integer({ min: -40, max: 40 }),
        fc.integer({ min: 100, max: 1000 }),
      ),
      stray: fc.boolean(),
      user: fc.nat({ max: 4 }),
      group: fc.nat({ max: 3 }),
    }),
    { maxLength: 60 },
  ),
})

/** Groups of one window come in order of arrival, which the model does not keep. */
function byGroup({ panes, ...rest }: Record): Record {
  const step = (pane: PlainPane) => `${pane.after} ${pane.kind === 'final'} ${pane.end} ${pane.window}`
  const groups = new Map<string, PlainPane[]>()
  for (const pane of panes) groups.set(step(pane), [...(groups.get(step(pane)) ?? []), pane])
  return { ...rest, panes: [...groups.values()].flatMap((same) => same.sort((a, b) => a.group - b.group)) }
}

describe('the engine and the plain model', () => {
  it('agree on every pane, late, lost and rejected event of random histories', () => {
    fc.assert(
      fc.property(
        history,
        ({ plan, partitions, outOfOrderness, lateness, ahead, maxGroups, flush, steps }) => {
          const now = new Array(3).fill(0)
          const events: TestEvent[] = steps.map(({ p, step, stray, user, group }) => {
            const partition = p % partitions
            const t = now[partition] + step
            if (!stray || Math.abs(step) < 10) now[partition] = t
            return { p: partition, t, user, group }
          })
          const maxAhead = Math.max(ahead, outOfOrderness)
          const options: ModelOptions = { ...plan, partitions, outOfOrderness, lateness, maxAhead, maxGroups }
          const engine = new WindowEngine({
            sizes: plan.sizes,
            aggregate: userSets,
            partitions: [0, 1, 2].slice(0, partitions),
            outOfOrderness,
            allowedLateness: lateness,
            maxAhead,
            maxGroups,
          })
          const driver = new Driver(engine)
          for (let from = 0; from < events.length; ) {
            let to = from + 1
            while (to < events.length && events[to]!.p === events[from]!.p) to++
            driver.push(events.slice(from, to))
            from = to
          }
          if (flush) driver.flush()
          const expected = model(options, events, flush)
          expect(byGroup(driver.record)).toEqual(byGroup(expected))
        },
      ),
      { numRuns: 2000 },
    )
  })
})
