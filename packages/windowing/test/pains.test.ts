import { describe, expect, it } from 'vitest'
import { WindowEngine, type WindowEngineOptions, type WindowSize } from '../src/index.js'
import { Driver } from './drive.js'
import { userSets } from './user-set.js'

const minute = { name: '1m', length: 60_000 }
const day = 86_400_000

function driverOf(options: Partial<WindowEngineOptions<Set<number>>> = {}): Driver {
  return new Driver(new WindowEngine({ sizes: [minute], aggregate: userSets, ...options }))
}

const event = (t: number, user = 0, p = 0) => ({ p, t, user, group: 0 })
const results = ({ record }: Driver) => record.panes.map(({ kind, start, users }) => [kind, start, users])

// What hurt the users of other engines; the numbers are the issues in which they say so.
describe('other engines lose windows and events; here', () => {
  it('the last window fires at the end of input, once (ksql #1030, #9007, #9688, #9840, quix #790)', () => {
    const driver = driverOf({ outOfOrderness: 5000, allowedLateness: 60_000 })
    driver.push([event(0, 1), event(70_000, 2)])
    driver.flush()
    expect(results(driver)).toEqual([
      ['final', 0, [1]],
      ['final', 60_000, [2]],
    ])
  })

  it('a silent stream gives its last window too, and may go on', () => {
    const sizes: WindowSize[] = [minute, { name: '1d', unit: 'day' }]
    const driver = driverOf({ sizes, outOfOrderness: 5000, maxAhead: 60_000 })
    driver.push([event(0, 1), event(1, 2), event(2, 3), event(60_001, 4), event(40 * 365 * day, 5)])
    driver.quiet()
    expect(results(driver)).toEqual([
      ['final', 0, [1, 2, 3]],
      ['final', 60_000, [4]],
    ])
    expect(driver.engine.watermark).toBe(119_999)
    driver.push([event(60_002, 5), event(120_000, 6)])
    driver.flush()
    expect([driver.record.late, driver.record.ahead]).toEqual([[5], []])
    expect(results(driver).slice(2)).toEqual([
      ['final', 120_000, [6]],
      // Nothing has contradicted the last event of before the silence: it is a year to itself.
      ['final', 0, [1, 2, 3, 4, 6]],
      ['final', 40 * 365 * day, [5]],
      ['final', 40 * 365 * day, [5]],
    ])
  })

  it('an idle partition holds nothing, and when it wakes nothing goes back (FLINK-38454, FLINK-40475)', () => {
    const driver = driverOf({ partitions: [0, 1] })
    driver.push([event(0, 1), event(60_000, 2)])
    expect(results(driver)).toEqual([])
    driver.call('idle', 1)
    expect(results(driver)).toEqual([['final', 0, [1]]])
    const { watermark } = driver.engine
    driver.push([event(30_000, 3, 1), event(60_001, 4, 1)])
    expect(driver.engine.watermark).toBe(watermark)
    expect([driver.record.late, driver.record.closed]).toEqual([[], [3]])
    expect(driver.engine.partitionWatermark(1)).toBe(60_000)
    driver.push([event(120_000, 5)])
    expect(driver.engine.watermark).toBe(60_000)
    driver.push([event(125_000, 6, 1)])
    expect(results(driver).at(-1)).toEqual(['final', 60_000, [2, 4]])
  })

  it('with all partitions idle the greatest watermark counts (FLINK-38454)', () => {
    const driver = driverOf({ partitions: [0, 1] })
    driver.push([event(0, 1), event(60_000, 2)])
    driver.push([event(1, 3, 1)])
    driver.call('idle', 0)
    driver.call('idle', 1)
    expect(results(driver)).toEqual([['final', 0, [1, 3]]])
  })

  it('one event of the year 2100 closes nothing and makes nothing late (laminardb #388, sql-flow #358, Metron #1197)', () => {
    const far = Math.round(130 * 365.25 * day)
    const plain = driverOf()
    const guarded = driverOf({ maxAhead: 3_600_000 })
    for (const driver of [plain, guarded]) {
      driver.push([...[1, 2, 3, 4, 5].map((user) => event(user, user)), event(far, 6), event(6, 7)])
      driver.push([event(60_000, 6)])
      driver.flush()
    }
    expect(plain.record.late).toEqual([6, 7])
    expect([guarded.record.late, guarded.record.ahead]).toEqual([[], [5]])
    expect(results(guarded)).toEqual([
      ['final', 0, [1, 2, 3, 4, 5, 7]],
      ['final', 60_000, [6]],
    ])
  })

  it('a real gap passes the guard at the fourth frame (the cost of the guard: three frames of delay)', () => {
    const driver = driverOf({ maxAhead: 60_000 })
    driver.push([1, 2, 3, 1, 2].map((user) => event(0, user)))
    driver.push([event(day, 1), event(day, 2), event(day, 1)])
    expect(results(driver)).toEqual([])
    driver.push([event(day + 1, 3)])
    expect(results(driver)).toEqual([['final', 0, [1, 2, 3]]])
    driver.flush()
    expect([driver.record.late, driver.record.ahead]).toEqual([[], []])
    expect(results(driver)[1]).toEqual(['final', day, [1, 2, 3]])
  })

  it('a restart keeps the watermark and fires no closed window again (FLINK-5601, FLINK-24501, KAFKA-7994)', () => {
    const driver = driverOf()
    driver.push([event(0, 1), event(0, 2), event(60_000, 3)])
    const saved = driver.engine.snapshot()
    driver.engine = driverOf().engine
    driver.engine.restore(saved)
    driver.push([event(1, 9), event(120_000, 3)])
    expect(driver.record.late).toEqual([3])
    expect(results(driver)).toEqual([
      ['final', 0, [1, 2]],
      ['final', 60_000, [3]],
    ])
  })

  it('every late event is given back with window, lateness and position (risingwave #23270, SPARK-24634)', () => {
    const { engine } = driverOf()
    const time = Float64Array.of(0, 90_000, 59_000, 58_000)
    const offset = Float64Array.of(100, 101, 102, 103)
    for (let row = 0; row < 4; ) {
      row = engine.push(0, { time, offset }, row, 4)
      engine.takePanes()
    }
    const { runs } = engine
    expect([runs.from[0], runs.to[0], runs.start[0], runs.end[0], runs.watermark[0]]).toEqual([
      2, 4, 0, 60_000, 89_999,
    ])
    expect(engine.counters.late).toBe(2)
  })

  it('a rebalance moves windows with the partition and loses none (Faust #193, #385)', () => {
    const [from, to] = [driverOf({ partitions: [] }), driverOf({ partitions: [] })]
    from.engine.addPartition(7)
    from.push([event(0, 1, 7), event(1, 2, 7)])
    to.engine.restore(JSON.parse(JSON.stringify(from.engine.snapshot())))
    to.push([event(2, 3, 7), event(60_000, 4, 7)])
    to.flush()
    expect(results(to)).toEqual([
      ['final', 0, [1, 2, 3]],
      ['final', 60_000, [4]],
    ])
  })

  it('a jump of time fires every window before its state is given up (Kafka Streams onWindowClose)', () => {
    const driver = driverOf()
    driver.push([event(0, 1), event(1000 * day, 2), event(2000 * day, 3)])
    expect(results(driver)).toEqual([
      ['final', 0, [1]],
      ['final', 1000 * day, [2]],
    ])
  })

  it('a backlog read unevenly splits no window (sql-flow #234) and says which partition to pause', () => {
    const driver = driverOf({ partitions: [0, 1] })
    driver.push([event(0, 1, 1)])
    for (let t = 0; t < day; t += 600_000) driver.push([event(t, 2)])
    expect(driver.engine.tooFarAhead(3_600_000)).toEqual([0])
    expect(driver.engine.openBySize).toEqual({ '1m': 144 })
    expect(results(driver)).toEqual([])
    driver.push([event(day, 3, 1)])
    expect(driver.engine.tooFarAhead(3_600_000)).toEqual([])
    expect(results(driver)[0]).toEqual(['final', 0, [1, 2]])
  })
})
