import { describe, expect, it } from 'vitest'
import { WindowEngine, type WindowEngineOptions, type WindowingSnapshot } from '../src/index.js'
import { ChangeReplica } from './change-replica.js'
import { Driver } from './drive.js'
import { userSets } from './user-set.js'

const minute = { name: '1m', length: 60_000 }
const five = { name: '5m', length: 300_000 }
const hour = { name: '1h', length: 3_600_000 }

function engineOf(options: Partial<WindowEngineOptions<Set<number>>> = {}) {
  return new WindowEngine({ sizes: [minute], aggregate: userSets, ...options })
}

const event = (t: number, user = 0, group = 0) => ({ p: 0, t, user, group })
const plain = (snapshot: WindowingSnapshot) => JSON.parse(JSON.stringify(snapshot)) as WindowingSnapshot

/** Goes on with another engine, from a snapshot through JSON. */
function restart(driver: Driver, options: Partial<WindowEngineOptions<Set<number>>>): void {
  const saved = plain(driver.engine.snapshot())
  driver.engine = engineOf(options)
  driver.engine.restore(saved)
}

describe('a snapshot', () => {
  it('holds as changes only the windows that changed, and names those that are gone', () => {
    const driver = new Driver(engineOf({ outOfOrderness: 60_000, trackChanges: true }))
    const replica = new ChangeReplica()
    driver.push([event(0), event(60_000)])
    expect(replica.read(driver.engine)).toEqual(['cell ["60000+0",0,0]', 'cell ["60000+0",60000,0]'])
    driver.push([event(61_000, 3)])
    expect(replica.read(driver.engine)).toEqual(['cell ["60000+0",60000,0]'])
    driver.push([event(120_000, 4)])
    expect(replica.read(driver.engine)).toEqual([
      'forgotten ["window","60000+0",0]',
      'cell ["60000+0",120000,0]',
    ])
    expect(replica.read(driver.engine)).toEqual([])
    expect(replica.copy()).toMatchObject([
      { start: 60_000, state: new Set([0, 3]) },
      { start: 120_000, state: new Set([4]) },
    ])
  })

  it('of changes holds everything when it is asked for whole, each record once', () => {
    const rolling = [{ name: '3m/1m', every: minute, count: 3 }]
    const driver = new Driver(
      engineOf({ sizes: [minute, five], rolling, allowedLateness: 60_000, trackChanges: true }),
    )
    driver.push([event(0), event(60_000, 1), event(120_000, 2)])
    const replica = new ChangeReplica()
    replica.read(driver.engine)
    driver.push([event(121_000, 3)])
    const kinds = (records: string[]) => records.map((record) => record.split(' ')[0])
    const whole = replica.read(driver.engine, { ack: true, whole: true })
    expect(new Set(kinds(whole))).toEqual(new Set(['cell', 'step', 'revision']))
    expect(new Set(whole).size).toBe(whole.length)
    expect(whole).toHaveLength(driver.engine.snapshot().records.length)
    expect(replica.read(driver.engine)).toEqual([])
    driver.push([event(122_000, 4)])
    expect(replica.read(driver.engine)).toEqual(['cell ["60000+0",120000,0]'])
  })

  it('of changes that was abandoned, even halfway, is in the next one again', () => {
    const driver = new Driver(engineOf({ outOfOrderness: 600_000, trackChanges: true }))
    driver.push([event(0), event(60_000), event(120_000)])
    const changes = driver.engine.changes()
    changes[Symbol.iterator]().next()
    changes.abandon()
    driver.push([event(1, 3)])
    const replica = new ChangeReplica()
    const keys = replica.read(driver.engine)
    expect(keys.sort()).toEqual([0, 120_000, 60_000].map((start) => `cell ["60000+0",${start},0]`))
    expect(replica.copy()).toContainEqual(expect.objectContaining({ start: 0, state: new Set([0, 3]) }))
  })

  it('of changes holds again what changed between being read and being acknowledged', () => {
    const driver = new Driver(engineOf({ outOfOrderness: 600_000, trackChanges: true }))
    driver.push([event(0), event(60_000)])
    const changes = driver.engine.changes()
    expect([...changes]).toHaveLength(2)
    driver.push([event(1, 3)])
    changes.ack()
    expect(new ChangeReplica().read(driver.engine)).toEqual(['cell ["60000+0",0,0]'])
  })

  it('of changes refuses to be read while the engine changes, to be left open, or without tracking', () => {
    const driver = new Driver(engineOf({ trackChanges: true }))
    driver.push([event(0), event(1, 1, 1)])
    const changes = driver.engine.changes()
    const records = changes[Symbol.iterator]()
    records.next()
    expect(() => changes.ack()).toThrow('not read to its end')
    driver.push([event(2)])
    expect(() => records.next()).toThrow('changed since')
    expect(() => driver.engine.changes()).toThrow('still open')
    changes.abandon()
    expect([...driver.engine.changes()]).toHaveLength(2)
    expect(() => engineOf().changes()).toThrow('trackChanges')
  })

  it('is refused when the base, the zone or the modes differ, and says what was expected and found', () => {
    const saved = engineOf().snapshot()
    expect(() => engineOf({ sizes: [hour] }).restore(saved)).toThrow(/3600000\+0.*found.*60000\+0/)
    expect(() => engineOf({ lateness: 'combined' }).restore(saved)).toThrow('settings')
    const days = engineOf({ sizes: [{ name: '1d', unit: 'day' }] }).snapshot()
    const elsewhere = engineOf({ sizes: [{ name: '1d', unit: 'day' }], zone: 'Europe/Berlin' })
    expect(() => elsewhere.restore(days)).toThrow(/Berlin.*found.*UTC/)
  })

  it('is refused when it is of another format or the engine is not new', () => {
    const saved = engineOf().snapshot()
    expect(() => engineOf().restore({ ...saved, version: 2 } as never)).toThrow('version 2')
    expect(() => engineOf().restore({} as never)).toThrow('format')
    const used = new Driver(engineOf())
    used.push([event(0)])
    expect(() => used.engine.restore(saved)).toThrow('new engine')
    const holding = new Driver(engineOf({ maxAhead: 1000 }))
    holding.push([event(0)])
    expect(holding.engine.counters.held).toBe(1)
    expect(() => holding.engine.restore(saved)).toThrow('new engine')
  })

  it('keeps the frames in the guard and their tickets', () => {
    const driver = new Driver(engineOf({ maxAhead: 60_000 }))
    const start = [1, 2, 3, 1, 2].map((user) => event(0, user))
    driver.push([...start, event(9e6, 4, 7), event(9e6, 5), event(9e6, 6)])
    restart(driver, { maxAhead: 60_000 })
    expect(driver.engine.counters).toMatchObject({ counted: 5, held: 3 })
    expect(driver.engine.isLiveGroup(7)).toBe(true)
    driver.push([event(9e6, 4)])
    expect([...driver.engine.released.ticket.slice(0, driver.engine.released.rows)]).toEqual([5, 6, 7, 8])
    driver.flush()
    expect(driver.record.panes.map(({ group, users }) => [group, users])).toEqual([
      [0, [1, 2, 3]],
      [7, [4]],
      [0, [4, 5, 6]],
    ])
  })
})

describe('after a restore with other settings', () => {
  it('keeps that a partition has ended, so that it holds no other back', () => {
    const driver = new Driver(engineOf({ partitions: [0, 1] }))
    driver.push([event(0)])
    driver.engine.observe(1, Number.POSITIVE_INFINITY)
    restart(driver, { partitions: [0, 1] })
    driver.push([event(60_000)])
    expect(driver.engine.watermark).toBe(59_999)
  })

  it('calendar sizes may come and go in any zone', () => {
    const [zone, sizes] = ['Europe/Berlin', [minute, { name: '1d', unit: 'day' as const }]]
    const driver = new Driver(engineOf({ zone }))
    driver.push([event(0, 1)])
    restart(driver, { zone, sizes })
    const second = plain(driver.engine.snapshot())
    restart(driver, { zone })
    driver.engine = engineOf({ zone, sizes })
    driver.engine.restore(second)
    driver.flush()
    expect(driver.record.panes.map(({ window, users }) => [window, users])).toEqual([
      ['1m', [1]],
      ['1d', [1]],
    ])
  })

  it('a partition that is new opens no closed window again, also after the end', () => {
    const driver = new Driver(engineOf({ allowedLateness: 60_000 }))
    driver.push([event(0, 1), event(600_000, 2)])
    restart(driver, { allowedLateness: 60_000, partitions: [0, 1] })
    expect(driver.engine.partitionWatermark(1)).toBe(Number.NEGATIVE_INFINITY)
    driver.push([{ ...event(5, 3), p: 1 }])
    expect([driver.record.late, driver.record.closed]).toEqual([[], [2]])
    expect(driver.engine.runs.watermark[0]).toBe(599_999)
    driver.flush()
    restart(driver, { allowedLateness: 60_000, partitions: [0, 1, 2] })
    driver.push([{ ...event(700_000, 4), p: 2 }])
    expect(driver.record.late).toEqual([3])
  })

  it('a rolling view of the same name over other steps is another one', () => {
    const rolling = (every: typeof minute) => [{ name: 'last 3', every, count: 3 }]
    const driver = new Driver(engineOf({ rolling: rolling(minute) }))
    driver.push([event(0, 1), event(60_000, 2), event(120_000, 3)])
    restart(driver, { rolling: rolling({ name: '2m', length: 120_000 }) })
    driver.push([event(240_000, 4)])
    driver.flush()
    const views = driver.record.panes.filter((pane) => pane.window === 'last 3' && pane.revision === 0)
    expect(views.map(({ end, users, events }) => [end, users, events])).toEqual([
      [60_000, [1], 1],
      [120_000, [1, 2], 2],
      [240_000, [3], 1],
      [360_000, [3, 4], 2],
    ])
  })

  it('coarser sizes may come and go, and no event is counted twice', () => {
    const options = { sizes: [minute, hour], allowedLateness: 200_000 }
    const driver = new Driver(engineOf(options))
    driver.push([event(0, 1), event(60_000, 2), event(120_000, 3)])
    driver.early()
    driver.push([event(61_000, 4)])
    restart(driver, { ...options, sizes: [minute, five, hour] })
    driver.push([event(121_000, 5), event(2, 6)])
    restart(driver, { ...options, sizes: [minute, five] })
    restart(driver, { ...options, sizes: [minute, five, hour] })
    driver.flush()
    const last = driver.record.panes.filter((pane) => pane.window !== '1m').slice(-2)
    expect(last.map(({ window, users, events }) => [window, users, events])).toEqual([
      ['5m', [1, 2, 3, 4, 5, 6], 6],
      ['1h', [1, 2, 3, 4, 5, 6], 6],
    ])
  })

  it('windows that were closed stay closed when the lateness grows', () => {
    const driver = new Driver(engineOf())
    driver.push([event(0, 1), event(60_000, 2)])
    restart(driver, { allowedLateness: 3_600_000 })
    driver.push([event(1, 3), event(60_001, 4), event(120_000, 5), event(60_002, 6), event(180_000, 7)])
    expect([driver.record.late, driver.record.closed]).toEqual([[], [2]])
    expect(driver.record.panes.map(({ end, users, revision }) => [end, users, revision])).toEqual([
      [60_000, [1], 0],
      [120_000, [2, 4], 0],
      [180_000, [5], 0],
      [120_000, [2, 4, 6], 1],
    ])
  })

  it('windows whose time is over give up their state when the lateness shrinks', () => {
    const driver = new Driver(engineOf({ allowedLateness: 3_600_000 }))
    driver.push([event(0, 1), event(60_000, 2), event(1, 3)])
    restart(driver, {})
    expect(driver.engine.openWindows).toBe(2)
    driver.push([event(2, 4), event(120_000, 5)])
    expect(driver.record.late).toEqual([3])
    expect(driver.record.panes.map(({ end, users, revision }) => [end, users, revision])).toEqual([
      [60_000, [1], 0],
      [120_000, [2], 0],
      [60_000, [1, 3], 1],
    ])
    expect(driver.engine.openWindows).toBe(1)
  })
})
