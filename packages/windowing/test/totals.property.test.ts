import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RowWindows, totalGroup, WindowEngine, type WindowingSnapshot } from '../src/index.js'
import { Driver, type PlainPane } from './drive.js'
import { engineOf, engineOptions, histories, run } from './histories.js'
import { userSets } from './user-set.js'

const isTotal = ({ group }: PlainPane) => group === totalGroup
const windowOf = ({ window, start }: PlainPane) => `${window} ${start}`

/** What totals must be: the groups of each window together, out whenever one of them is. */
function expectTotals(panes: readonly PlainPane[]): void {
  const groups = new Map<string, Map<number, PlainPane>>()
  const totals = new Map<string, PlainPane>()
  const steps = new Map<number, PlainPane[]>()
  for (const pane of panes) steps.set(pane.after, [...(steps.get(pane.after) ?? []), pane])
  for (const step of steps.values()) {
    for (const pane of step) {
      if (isTotal(pane)) totals.set(windowOf(pane), pane)
      else groups.set(windowOf(pane), (groups.get(windowOf(pane)) ?? new Map()).set(pane.group, pane))
    }
    const published = new Set(step.filter((pane) => !isTotal(pane)).map(windowOf))
    expect(new Set(step.filter(isTotal).map(windowOf))).toEqual(published)
    for (const window of published) {
      const latest = [...groups.get(window)!.values()]
      const users = new Set(latest.flatMap((pane) => pane.users))
      const events = latest.reduce((sum, pane) => sum + pane.events, 0)
      expect(totals.get(window)).toMatchObject({ events, users: [...users].sort((a, b) => a - b) })
    }
  }
}

describe('with totals', () => {
  it('every window has one more pane whenever a group of it has one, and it holds all of them', () => {
    fc.assert(
      fc.property(histories, ({ options, flush, input }) => {
        const { record } = run(new Driver(engineOf(options, { totals: true }), true), { input, flush })
        expectTotals(record.panes)
      }),
      { numRuns: 3_000 },
    )
  })

  it('everything else is as without them', () => {
    fc.assert(
      fc.property(histories, ({ options, flush, input }) => {
        const without = run(new Driver(engineOf(options)), { input, flush }).record
        const { record } = run(new Driver(engineOf(options, { totals: true }), true), { input, flush })
        expect({ ...record, panes: record.panes.filter((pane) => !isTotal(pane)) }).toEqual(without)
      }),
      { numRuns: 2_000 },
    )
  })

  it('a snapshot keeps them, also where groups are saved by name', () => {
    const names = { name: (id: number) => `group ${id}`, id: (name: string) => Number(name.slice(6)) }
    const restored = (engine: WindowEngine<Set<number>>, snapshot: WindowingSnapshot) => {
      engine.restore(JSON.parse(JSON.stringify(snapshot)) as WindowingSnapshot, names)
      return engine
    }
    fc.assert(
      fc.property(histories, fc.nat(60), ({ options, flush, input }, cut) => {
        fc.pre(input.every((item) => !('call' in item)))
        const whole = run(new Driver(engineOf(options, { totals: true }), true), { input, flush })
        const driver = new Driver(engineOf(options, { totals: true }), true)
        run(
          driver,
          { input, flush },
          (index) => index === cut,
          (index) => {
            if (index !== cut) return
            const snapshot = driver.engine.snapshot({ groups: names })
            driver.engine = restored(engineOf(options, { totals: true }), snapshot)
          },
        )
        expect(driver.record.panes).toEqual(whole.record.panes)
      }),
      { numRuns: 500 },
    )
  })

  it('values are added to both states in the row form', () => {
    const windows = new RowWindows({
      sizes: [{ name: '1m', length: 60_000 }],
      aggregate: userSets,
      totals: true,
      add: (set: Set<number>, user: number) => set.add(user),
    })
    for (const [user, group] of [
      [1, 1],
      [1, 2],
      [2, 2],
      [2, 2],
    ] as const)
      windows.push(0, 0, user, group)
    windows.flush()
    const panes = windows.takePanes().map(({ group, state, events }) => [group, [...state], events])
    expect(panes).toEqual(
      expect.arrayContaining([
        [1, [1], 1],
        [2, [1, 2], 3],
        [totalGroup, [1, 2], 4],
      ]),
    )
  })

  it('the total does not count against the greatest number of groups', () => {
    const engine = new WindowEngine({ ...engineOptions(plain), maxGroups: 1, totals: true })
    const driver = new Driver(engine, true)
    driver.push([
      { p: 0, t: 0, user: 1, group: 1 },
      { p: 0, t: 0, user: 2, group: 2 },
    ])
    expect(driver.record.rejected).toEqual([1])
    expect(engine.liveGroups).toBe(1)
    driver.flush()
    expect(driver.record.panes.find(isTotal)).toMatchObject({ users: [1], events: 1 })
  })

  it('a snapshot without them is refused: what was counted before would be missing', () => {
    const saved = engineOf(plain).snapshot()
    expect(() => engineOf(plain, { totals: true }).restore(saved)).toThrow(
      expect.objectContaining({ code: 'settings-differ' }),
    )
  })
})

const plain = {
  sizes: [{ name: '10', length: 10 }],
  views: [],
  base: 10,
  partitions: 1,
  outOfOrderness: 0,
  lateness: 0,
  maxAhead: Number.POSITIVE_INFINITY,
  horizon: Number.POSITIVE_INFINITY,
  maxGroups: Number.POSITIVE_INFINITY,
  overflowGroup: 'reject' as const,
}
