import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WindowEngine, type WindowEngineOptions } from '../src/index.js'
import { ChangeReplica } from './change-replica.js'
import { Driver, type PlainPane, type TestEvent } from './drive.js'
import { userSets } from './user-set.js'

const minute = { name: '1m', length: 60_000 }

function driverOf(options: Partial<WindowEngineOptions<Set<number>>>): Driver {
  return new Driver(new WindowEngine({ sizes: [minute], aggregate: userSets, ...options }))
}

const event = (t: number, user: number, group = 0): TestEvent => ({ p: 0, t, user, group })
const view = { name: '3m/1m', every: minute, count: 3 }

function views({ record }: Driver): unknown[][] {
  const rolling = record.panes.filter((pane) => pane.window === '3m/1m')
  return rolling.map((p) => [p.kind, p.start / 60_000, p.end / 60_000, p.users, p.events, p.revision])
}

describe('rolling views', () => {
  it('come out at the end of each step, also of an empty one, while they hold anything', () => {
    const driver = driverOf({ rolling: [view] })
    driver.push([event(0, 1), event(60_000, 2), event(60_001, 2), event(300_000, 3)])
    driver.flush()
    expect(views(driver)).toEqual([
      ['final', -2, 1, [1], 1, 0],
      ['final', -1, 2, [1, 2], 3, 0],
      ['final', 0, 3, [1, 2], 3, 0],
      ['final', 1, 4, [2], 2, 0],
      ['final', 3, 6, [3], 1, 0],
    ])
  })

  it('are corrected with a step in them', () => {
    const driver = driverOf({ rolling: [view], allowedLateness: 600_000 })
    driver.push([event(0, 1), event(120_000, 2), event(1, 9, 4), event(180_000, 3)])
    expect(views(driver)).toEqual([
      ['final', -2, 1, [1], 1, 0],
      ['final', -1, 2, [1], 1, 0],
      ['final', 0, 3, [1, 2], 2, 0],
      ['final', 0, 3, [9], 1, 0],
      ['corrected', -2, 1, [9], 1, 0],
      ['corrected', -1, 2, [9], 1, 0],
    ])
  })

  it('come out at the end up to the watermark of any partition, which other partitions held back', () => {
    const driver = driverOf({ rolling: [view], partitions: [0, 1], maxGroups: 1 })
    driver.push([event(0, 1, 1)])
    // The frame is refused, and moves the watermark of its partition alone.
    driver.push([event(130_000, 2, 2)])
    expect(driver.record.panes).toEqual([])
    expect([...driver.engine.announce(60_000)].map(({ end }) => end)).toEqual([60_000, 60_000])
    expect(driver.engine.nextAnnouncement(60_000)).toBe(120_000)
    expect(driver.engine.nextAnnouncement(120_000)).toBe(Number.POSITIVE_INFINITY)
    driver.flush()
    expect(views(driver)).toEqual([['final', -1, 2, [1], 1, 0]])
  })

  it('need no published step', () => {
    const driver = driverOf({
      sizes: [{ name: '1h', length: 3_600_000 }],
      rolling: [{ ...view, every: minute }],
    })
    driver.push([event(0, 1), event(60_000, 2)])
    driver.flush()
    expect(driver.record.panes.map((pane) => [pane.window, pane.users])).toEqual([
      ['3m/1m', [1]],
      ['3m/1m', [1, 2]],
      ['1h', [1, 2]],
    ])
    expect(driver.engine.liveGroups).toBe(0)
  })

  it('let steps and groups go at a watermark, whatever else is due then', () => {
    const driver = driverOf({ rolling: [view], allowedLateness: 30_000, maxGroups: 1 })
    // Frames of a second group are refused as long as a view holds the first, and move the watermark all the same.
    driver.push([0, 60_000, 120_000, 180_000, 240_000].map((t) => event(t, 1, t === 0 ? 1 : 2)))
    expect(driver.record.rejected).toEqual([1, 2, 3, 4])
    expect(driver.engine.liveGroups).toBe(0)
    driver.push([event(240_001, 2, 2)])
    expect(driver.record.rejected).toEqual([1, 2, 3, 4])
  })

  it('keep over a restart the steps that a correction still to come needs', () => {
    const options = { rolling: [view], allowedLateness: 30_000 }
    const driver = driverOf(options)
    driver.push([event(0, 1), event(120_000, 2), event(185_000, 3), event(130_000, 4), event(215_000, 5)])
    const saved = JSON.parse(JSON.stringify(driver.engine.snapshot()))
    driver.engine = driverOf(options).engine
    driver.engine.restore(saved)
    driver.push([event(240_000, 6)])
    expect(views(driver).filter(([kind]) => kind === 'corrected')).toEqual([
      ['corrected', 0, 3, [1, 2, 4], 3, 1],
    ])
  })

  it('name in the changes after a restart what is gone since', () => {
    const options = { rolling: [view], trackChanges: true }
    const driver = driverOf(options)
    driver.push([event(0, 1), event(60_000, 2), event(120_000, 3)])
    const store = driver.engine.snapshot()
    driver.engine = driverOf(options).engine
    driver.engine.restore(store)
    const replica = new ChangeReplica()
    expect(replica.read(driver.engine)).toEqual([])
    driver.push([event(86_400_000, 4), event(86_460_000, 5)])
    const changes = replica.read(driver.engine)
    for (const start of [0, 60_000]) {
      expect(changes).toContain(`forgotten ["step","3m/1m 60000+0",${start}]`)
    }
    expect(changes.filter((change) => change.startsWith('step'))).toEqual([
      'step ["3m/1m 60000+0",86400000,0]',
    ])
  })

  it('hold, at their highest revision, what the steps hold at theirs', () => {
    const events = fc.array(
      fc.record({
        step: fc.integer({ min: -250_000, max: 200_000 }),
        user: fc.nat({ max: 5 }),
        group: fc.nat({ max: 2 }),
      }),
      { maxLength: 40 },
    )
    fc.assert(
      fc.property(events, fc.constantFrom(0, 90_000, 400_000), (steps, allowedLateness) => {
        const driver = driverOf({ rolling: [view], allowedLateness })
        let t = 0
        for (const { step, user, group } of steps) {
          t += step
          driver.push([event(t, user, group)])
        }
        driver.flush()
        const newest = new Map<string, PlainPane>()
        for (const pane of driver.record.panes) {
          const key = `${pane.window} ${pane.end} ${pane.group}`
          expect(pane.revision).toBe((newest.get(key)?.revision ?? -1) + 1)
          newest.set(key, pane)
        }
        const all = [...newest.values()]
        for (const pane of all.filter((p) => p.window === '3m/1m')) {
          const within = all.filter(
            (p) => p.window === '1m' && p.group === pane.group && p.start >= pane.start && p.end <= pane.end,
          )
          expect(pane.users).toEqual([...new Set(within.flatMap((p) => p.users))].sort((a, b) => a - b))
          expect(pane.events).toBe(within.reduce((sum, p) => sum + p.events, 0))
        }
        for (const pane of all.filter((p) => p.window === '1m')) {
          expect(newest.has(`3m/1m ${pane.end} ${pane.group}`)).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })
})
