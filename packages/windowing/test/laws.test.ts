import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GroupNames, WindowingSnapshot } from '../src/index.js'
import { ChangeReplica } from './change-replica.js'
import { Driver, type PlainPane, type Record, type TestEvent, type TestInput } from './drive.js'
import { engineOf, histories, run } from './histories.js'

/** Whether to cut at an index, by the bits of a seed. */
const cutBy = (seed: readonly boolean[]) => (index: number) => seed[index % seed.length]!
const seeds = fc.array(fc.boolean(), { minLength: 1, maxLength: 20 })

/** The pane of the highest revision of each window and group. */
function newest(panes: readonly PlainPane[]): Map<string, PlainPane> {
  const found = new Map<string, PlainPane>()
  for (const pane of panes) {
    const key = `${pane.window} ${pane.start} ${pane.group}`
    if (pane.revision >= (found.get(key)?.revision ?? 0)) found.set(key, pane)
  }
  return found
}

/** What is known of each window in the end: its users and events. */
function contents(panes: readonly PlainPane[]): Map<string, unknown> {
  const found = [...newest(panes)].sort(([a], [b]) => (a < b ? -1 : 1))
  return new Map(found.map(([key, { users, events }]) => [key, { users, events }]))
}

/** Group ids of a run that starts again, where names come to other ids than before. */
function namesFrom(shift: number): GroupNames {
  return {
    name: (id) => (id === 0 ? '' : `group ${id - shift}`),
    id: (name) => (name === '' ? 0 : Number(name.slice(6)) + shift),
  }
}

describe('the engine', () => {
  it('gives the same however batches are cut', () => {
    fc.assert(
      fc.property(histories, seeds, ({ options, ...history }, seed) => {
        const whole = run(new Driver(engineOf(options)), history)
        const cut = run(new Driver(engineOf(options)), history, cutBy(seed))
        expect(cut.record).toEqual(whole.record)
      }),
      { numRuns: 1000 },
    )
  })

  it('goes on after a restore, whole or from changes, as if nothing had happened', () => {
    fc.assert(
      fc.property(histories, seeds, fc.boolean(), ({ options, input, flush }, seed, changesOnly) => {
        // Idleness is not saved: a partition starts active.
        const saved = (item: TestInput) => !('call' in item) || !['idle', 'endPartition'].includes(item.call)
        const history = { input: input.filter(saved), flush }
        const undisturbed = run(new Driver(engineOf(options)), history)
        const driver = new Driver(engineOf(options, { trackChanges: true }))
        const replica = new ChangeReplica()
        let steps = 0
        run(driver, history, cutBy(seed), () => {
          const { counters, openWindows, unfinished, liveGroups } = driver.engine
          // The snapshot knows the partitions, also those that came and went.
          const next = engineOf(options, { trackChanges: true, partitions: [] })
          if (changesOnly) {
            // Streams that were not acknowledged, and whole snapshots, leave the changes to come as they were.
            if (seed[steps++ % seed.length]) replica.read(driver.engine, { ack: false })
            driver.engine.snapshot()
            replica.read(driver.engine)
            next.restoreRecords(replica.head!, replica.copy())
          } else {
            next.restore(JSON.parse(JSON.stringify(driver.engine.snapshot())) as WindowingSnapshot)
          }
          driver.engine = next
          expect([driver.engine.counters, driver.engine.openWindows]).toEqual([counters, openWindows])
          expect([driver.engine.unfinished, driver.engine.liveGroups]).toEqual([unfinished, liveGroups])
        })
        expect(driver.record).toEqual(undisturbed.record)
      }),
      { numRuns: 1000 },
    )
  })

  it('finds groups by name in a snapshot', () => {
    fc.assert(
      fc.property(histories, fc.nat({ max: 60 }), ({ input, flush, ...history }, at) => {
        const options = { ...history.options, overflowGroup: 'reject' as const }
        const events = input.filter((item): item is TestEvent => 'p' in item)
        const undisturbed = run(new Driver(engineOf(options)), { input: events, flush })
        const driver = new Driver(engineOf(options))
        run(driver, { input: events.slice(0, at), flush: false })
        const saved = driver.engine.snapshot({ groups: namesFrom(0) })
        driver.engine = engineOf(options)
        driver.engine.restore(saved, namesFrom(100))
        const before = driver.record.panes.length
        const shifted = events.slice(at).map((e) => ({ ...e, group: e.group === 0 ? 0 : e.group + 100 }))
        run(driver, { input: shifted, flush })
        const panes = driver.record.panes.map((pane, i) =>
          i < before || pane.group === 0 ? pane : { ...pane, group: pane.group - 100 },
        )
        expect({ ...driver.record, panes }).toEqual(undisturbed.record)
      }),
      { numRuns: 500 },
    )
  })

  it('accounts for every event: counted, late, closed, ahead, rejected or held, and counted ones are in every size', () => {
    fc.assert(
      fc.property(histories, ({ options, ...history }) => {
        // The frames that a removed partition holds go with it.
        const input = history.input.filter((item) => !('call' in item) || item.call !== 'removePartition')
        const { engine, record } = run(new Driver(engineOf(options)), { input, flush: true })
        const { counted, late, closed, ahead, held, 'too-many-groups': rejected } = engine.counters
        const events = input.filter((item) => 'p' in item).length
        expect(counted + late + closed + ahead + rejected).toBe(events)
        expect([late, closed, ahead, rejected, held]).toEqual([
          record.late.length,
          record.closed.length,
          record.ahead.length,
          record.rejected.length,
          0,
        ])
        for (const { name } of options.sizes) {
          const panes = [...newest(record.panes).values()].filter((pane) => pane.window === name)
          expect(panes.reduce((sum, pane) => sum + pane.events, 0)).toBe(counted)
        }
        expect([engine.openWindows, engine.unfinished, engine.liveGroups]).toEqual([0, 0, 0])
      }),
      { numRuns: 1000 },
    )
  })

  it('counts revisions from 0 and never lets the watermark go back', () => {
    fc.assert(
      fc.property(histories, ({ options, ...history }) => {
        const driver = new Driver(engineOf(options))
        let before = Number.NEGATIVE_INFINITY
        run(
          driver,
          history,
          () => true,
          () => {
            expect(driver.engine.watermark).toBeGreaterThanOrEqual(before)
            before = driver.engine.watermark
            driver.early()
          },
        )
        const next = new Map<string, number>()
        for (const pane of driver.record.panes) {
          const key = `${pane.window} ${pane.start} ${pane.group}`
          expect(pane.revision).toBe(next.get(key) ?? 0)
          next.set(key, pane.revision + 1)
        }
      }),
      { numRuns: 500 },
    )
  })
})

/** Events of one partition, in order of time. */
const ordered = fc
  .array(
    fc.record({
      step: fc.nat({ max: 12 }),
      user: fc.nat({ max: 5 }),
      group: fc.nat({ max: 2 }),
      delay: fc.nat({ max: 20 }),
    }),
    { maxLength: 80 },
  )
  .map((steps) => {
    let t = 0
    return steps.map(({ step, user, group, delay }) => {
      t += step
      return { p: 0, t, user, group, delay }
    })
  })

const settings = {
  sizes: [10, 30].map((length) => ({ name: `${length}`, length })),
  views: [],
  base: 10,
  partitions: 1,
  outOfOrderness: 20,
  lateness: 0,
  maxAhead: Number.POSITIVE_INFINITY,
  horizon: Number.POSITIVE_INFINITY,
  maxGroups: Number.POSITIVE_INFINITY,
  overflowGroup: 'reject' as const,
}

describe('results do not depend on', () => {
  it('the order of arrival within the out-of-orderness', () => {
    fc.assert(
      fc.property(ordered, (events) => {
        const late = [...events].sort((a, b) => a.t + a.delay - (b.t + b.delay))
        const [first, second] = [events, late].map(
          (input) => run(new Driver(engineOf(settings)), { input, flush: true }).record,
        )
        expect(second!.late).toEqual([])
        expect(contents(second!.panes)).toEqual(contents(first!.panes))
        expect(new Set(second!.panes.map((pane) => pane.kind))).toEqual(
          new Set(first!.panes.map((pane) => pane.kind)),
        )
      }),
      { numRuns: 500 },
    )
  })

  it('the interleaving of partitions: contents of the highest revisions and the late set', () => {
    fc.assert(
      fc.property(histories, fc.infiniteStream(fc.nat({ max: 2 })), ({ options, input }, picks) => {
        const unlimited = { ...options, maxGroups: Number.POSITIVE_INFINITY }
        const events = input.filter((item): item is TestEvent => 'p' in item)
        // The position of an event in its own log names it, whatever the interleaving.
        const logs = [0, 1, 2].map((p) => events.filter((e) => e.p === p))
        const merged: TestEvent[] = []
        const rest = logs.map((log) => [...log])
        while (rest.some((log) => log.length > 0)) {
          const log = rest[picks.next().value!]!
          if (log.length > 0) merged.push(log.shift()!)
        }
        const [one, other] = [events, merged].map((order) => {
          const { record } = run(new Driver(engineOf(unlimited)), { input: order, flush: true })
          const place = (index: number) =>
            `${order[index]!.p} ${logs[order[index]!.p]!.indexOf(order[index]!)}`
          const places = (indexes: Record['late']) => indexes.map(place).sort()
          return { contents: contents(record.panes), late: places(record.late), ahead: places(record.ahead) }
        })
        expect(other).toEqual(one)
      }),
      { numRuns: 1000 },
    )
  })

  it('duplicates and replay, as far as users go', () => {
    fc.assert(
      fc.property(ordered, fc.nat({ max: 20 }), (events, back) => {
        const replayed = events.flatMap((event, i) =>
          i % 7 === 6 ? events.slice(Math.max(0, i - (back % 3)), i + 1) : [event, event],
        )
        const users = (input: TestEvent[]) => {
          const { panes } = run(new Driver(engineOf({ ...settings, lateness: 1000 })), {
            input,
            flush: true,
          }).record
          return new Map([...contents(panes)].map(([key, held]) => [key, (held as PlainPane).users]))
        }
        expect(users(replayed)).toEqual(users(events))
      }),
      { numRuns: 300 },
    )
  })
})
