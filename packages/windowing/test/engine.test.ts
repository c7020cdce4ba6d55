import { describe, expect, it } from 'vitest'
import { Outcome, Source, WindowEngine, type WindowEngineOptions } from '../src/index.js'
import { Driver } from './drive.js'
import { userSets } from './user-set.js'

const minute = { name: '1m', length: 60_000 }
const hour = { name: '1h', length: 3_600_000 }

function driverOf(options: Partial<WindowEngineOptions<Set<number>>>): Driver {
  return new Driver(new WindowEngine({ sizes: [minute], aggregate: userSets, ...options }))
}

function event(t: number, user = 0, group = 0, p = 0) {
  return { p, t, user, group }
}

describe('early panes', () => {
  it('hold what is known so far in coarse windows, and only windows that changed', () => {
    const driver = driverOf({ sizes: [minute, hour] })
    driver.push([event(0, 1), event(60_000, 2)])
    driver.early()
    driver.early()
    driver.push([event(60_001, 3)])
    driver.early()
    const early = driver.record.panes.filter((pane) => pane.kind === 'early')
    expect(
      early.map(({ window, end, users, events, revision }) => [window, end, users, events, revision]),
    ).toEqual([
      ['1m', 120_000, [2], 1, 0],
      ['1h', 3_600_000, [1, 2], 2, 0],
      ['1m', 120_000, [2, 3], 2, 1],
      ['1h', 3_600_000, [1, 2, 3], 3, 1],
    ])
  })

  it('change nothing in finals but their revision', () => {
    const [plain, early] = [driverOf({ sizes: [minute, hour] }), driverOf({ sizes: [minute, hour] })]
    for (let t = 0; t < 7_200_000; t += 17_000) {
      plain.push([event(t, t % 7)])
      early.push([event(t, t % 7)])
      early.early()
    }
    const finals = (driver: Driver) =>
      driver.record.panes.filter((pane) => pane.kind !== 'early').map((pane) => ({ ...pane, revision: 0 }))
    expect(finals(early)).toEqual(finals(plain))
    expect(finals(plain)).toHaveLength(119 + 1)
  })
})

describe('groups', () => {
  it('too many are counted in the overflow group, which does not count against the limit', () => {
    const driver = driverOf({ maxGroups: 2, overflowGroup: 9 })
    driver.push([
      event(0, 1, 0),
      event(1, 1, 1),
      event(2, 2, 2),
      event(3, 3, 3),
      event(4, 4, 4),
      event(5, 5, 1),
    ])
    expect(driver.engine.liveGroups).toBe(2)
    driver.flush()
    expect(driver.record.panes.map(({ group, users }) => [group, users])).toEqual([
      [0, [1]],
      [1, [1, 5]],
      [2, [2]],
      [9, [3, 4]],
    ])
  })

  it('too many are rejected, yet move the watermark, so that a full table empties', () => {
    const driver = driverOf({ maxGroups: 1, overflowGroup: 'reject' })
    driver.push([event(0, 1, 1), event(60_000, 2, 2), event(60_001, 2, 2), event(1, 2, 3)])
    expect(driver.record).toMatchObject({ rejected: [1], late: [3] })
    expect(driver.record.panes.map(({ group }) => group)).toEqual([1])
    expect(driver.engine.counters).toMatchObject({ counted: 2, late: 1, 'too-many-groups': 1 })
  })

  it('are live while an open window of any size or a held frame uses them', () => {
    const driver = driverOf({ sizes: [minute, hour], maxAhead: 60_000 })
    const start = [1, 2, 3, 1, 2].map((user) => event(0, user, 1))
    driver.push([...start, event(60_000, 1, 2), event(9e6, 1, 3)])
    expect([1, 2, 3, 4].map((group) => driver.engine.isLiveGroup(group))).toEqual([true, true, true, false])
    // A contradiction doubles what a new trusted time takes.
    const gap = [1, 2, 3, 1, 2, 3, 1, 2].map((user) => event(3_700_000, user, 2))
    driver.push([event(120_000, 1, 2), ...gap])
    expect([1, 2, 3].map((group) => driver.engine.isLiveGroup(group))).toEqual([false, true, true])
    expect(driver.engine.liveGroups).toBe(1)
  })
})

describe('the hot call', () => {
  it('counts bad times and skips rows with a status', () => {
    const engine = new WindowEngine({ sizes: [minute], aggregate: userSets })
    const time = Float64Array.of(5, Number.NaN, 6.5, 2 ** 53, 7, 8, -1, Number.POSITIVE_INFINITY)
    const status = Uint8Array.of(0, 0, 0, 0, 0, 1, 0, 0)
    expect(engine.push(0, { time, status }, 0, 8)).toBe(8)
    expect(engine.counters).toMatchObject({ counted: 2, late: 1, invalid: 4, skipped: 1 })
    const { runs } = engine
    const fates = Array.from({ length: runs.length }, (_, run) => [
      runs.outcome[run],
      runs.from[run],
      runs.to[run],
    ])
    expect(fates).toEqual([
      [Outcome.counted, 0, 1],
      [Outcome.invalid, 1, 4],
      [Outcome.counted, 4, 5],
      [Outcome.skipped, 5, 6],
      [Outcome.late, 6, 7],
      [Outcome.invalid, 7, 8],
    ])
    expect([runs.start[4], runs.end[4], runs.watermark[4]]).toEqual([-60_000, 0, 6])
  })

  it('stops after the row that made panes due and goes on only when they are taken', () => {
    const engine = new WindowEngine({ sizes: [minute], aggregate: userSets })
    const time = Float64Array.of(0, 59_999, 60_000, 60_001)
    expect(engine.push(0, { time }, 0, 4)).toBe(3)
    expect(() => engine.push(0, { time }, 3, 4)).toThrow('takePanes')
    expect(engine.takePanes()).toHaveLength(1)
    expect(engine.push(0, { time }, 3, 4)).toBe(4)
  })

  it('counts far rows at once, holds those beyond the horizon, and gives them back by ticket', () => {
    const engine = new WindowEngine({
      ...{ sizes: [minute], aggregate: userSets, maxAhead: 1000, horizon: 50_000 },
    })
    const time = Float64Array.of(0, 1, 2, 3, 4, 50_004, 50_005)
    const hash = Uint32Array.from({ length: 28 }, (_, i) => i >> 2)
    const fates = () =>
      Array.from({ length: engine.runs.length }, (_, run) => [
        engine.runs.source[run],
        engine.runs.outcome[run],
        engine.runs.to[run]! - engine.runs.from[run]!,
      ])
    engine.push(0, { time, hash }, 0, 7)
    expect(engine.counters).toMatchObject({ counted: 6, held: 1 })
    expect(fates()).toEqual([
      [Source.batch, Outcome.held, 5],
      [Source.released, Outcome.counted, 5],
      [Source.batch, Outcome.counted, 1],
      [Source.batch, Outcome.held, 1],
    ])
    expect(engine.runs.ticket[3]).toBe(5)
    expect(engine.guardFigures(0)).toMatchObject({ held: 1, beyondHorizon: 1, contradicted: 0, leaps: 0 })
    engine.push(0, { time: Float64Array.of(5), hash }, 0, 1)
    expect(fates()).toEqual([
      [Source.batch, Outcome.counted, 1],
      [Source.released, Outcome.counted, 1],
    ])
    const { released } = engine
    expect([released.time[0], released.ticket[0], released.offset[0]]).toEqual([50_005, 5, 6])
    expect(engine.watermark).toBe(4)
    // Both frames beyond `maxAhead`: the one that counted at once, and the one that was held.
    expect(engine.guardFigures(0)).toMatchObject({ held: 0, contradicted: 2 })
  })
})

describe('explicit watermarks', () => {
  it('close windows for an idle partition too, which its events do not wake', () => {
    const options = { partitions: [0, 1], outOfOrderness: Number.POSITIVE_INFINITY }
    const driver = driverOf(options)
    driver.engine.idle(1)
    driver.push([event(0, 1)])
    driver.engine.observe(0, 600_000)
    expect(driver.engine.takePanes()).toHaveLength(1)
    driver.push([event(5, 2, 0, 1), event(6, 2, 0, 1)])
    expect([driver.record.late, driver.record.closed]).toEqual([[], [1, 2]])
    driver.flush()
    expect(driver.record.panes).toEqual([])
  })
})

describe('the ends of time', () => {
  it('are reached in any zone without an error, and nothing lies beyond them', () => {
    const sizes = (['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const).map((unit) => ({
      name: unit,
      unit,
    }))
    const end = 8.64e15
    for (const zone of ['UTC', 'Pacific/Apia', 'America/St_Johns']) {
      const driver = driverOf({ sizes, zone })
      for (const t of [-end - 1, -end, end - 1, end, end + 1]) driver.push([event(t)])
      driver.flush()
      expect(driver.engine.counters).toMatchObject({ counted: 3, invalid: 2 })
      expect(driver.record.panes.filter((pane) => pane.window === 'year').map((pane) => pane.events)).toEqual(
        [1, 2],
      )
    }
  })
})

describe('states', () => {
  it('are measured by size', () => {
    const driver = driverOf({ sizes: [minute, hour] })
    driver.push([event(0, 1), event(1, 2), event(60_000, 2)])
    expect(driver.engine.stateBytes).toEqual({ '1m': 48 + 16, '1h': 48 + 32 })
  })
})

describe('construction', () => {
  it('lists every problem at once', () => {
    const build = () =>
      new WindowEngine({
        sizes: [minute],
        aggregate: userSets,
        outOfOrderness: 5000,
        maxAhead: 1000,
        allowedLateness: -1,
        maxGroups: 0.5,
      })
    expect(build).toThrow(/allowedLateness.*maxAhead.*maxGroups/)
  })

  it('refuses modes, groups, partitions and units that there are not', () => {
    const odd = { lateness: 'own', corrections: 'never', overflowGroup: -1, partitions: [0.5] } as never
    expect(() => driverOf(odd)).toThrow(/overflowGroup.*-1.*lateness.*own.*corrections.*never.*0\.5/)
    const decade = { sizes: [{ name: '10y', unit: 'decade' }] } as never
    expect(() => driverOf(decade)).toThrow(/unit of "10y".*found "decade"/)
  })

  it('takes an option that is undefined as left out', () => {
    const driver = driverOf({ outOfOrderness: undefined, partitions: undefined } as never)
    driver.push([event(0), event(60_000)])
    expect(driver.record.panes).toHaveLength(1)
  })
})
