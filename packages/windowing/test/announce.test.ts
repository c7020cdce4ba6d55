import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Pane, WindowEngine, type WindowEngineOptions } from '../src/index.js'
import { ChangeReplica } from './change-replica.js'
import { Driver } from './drive.js'
import { userSets } from './user-set.js'

const minute = { name: '1m', length: 60_000 }
const five = { name: '5m', length: 300_000 }
const always = Number.POSITIVE_INFINITY

function engineOf(options: Partial<WindowEngineOptions<Set<number>>> = {}) {
  return new WindowEngine({ sizes: [minute, five], aggregate: userSets, ...options })
}

const event = (t: number, user = 0, group = 0) => ({ p: 0, t, user, group })
const plain = ({ kind, window, start, group, revision, events, state }: Pane<Set<number>>) => [
  kind,
  `${window} ${start} ${group}`,
  revision,
  events,
  [...state].sort((a, b) => a - b).join(),
]
const announced = (engine: WindowEngine<Set<number>>, until = always) =>
  Array.from(engine.announce(until), plain)

describe('a processing-time flush', () => {
  it('publishes what is open, once, and what changes afterwards as a correction', () => {
    const driver = new Driver(engineOf())
    driver.push([event(0, 1), event(60_000, 2, 7), event(61_000, 3)])
    expect(announced(driver.engine, 120_000)).toEqual([
      ['final', '1m 60000 0', 0, 1, '3'],
      ['final', '1m 60000 7', 0, 1, '2'],
    ])
    expect(driver.engine.nextAnnouncement(120_000)).toBe(300_000)
    expect(announced(driver.engine)).toEqual([
      ['final', '5m 0 0', 0, 2, '1,3'],
      ['final', '5m 0 7', 0, 1, '2'],
    ])
    expect(announced(driver.engine)).toEqual([])
    expect(driver.engine.unfinished).toBe(0)
    driver.push([event(62_000, 4)])
    expect(driver.engine.unfinished).toBe(2)
    expect(announced(driver.engine)).toEqual([
      ['corrected', '1m 60000 0', 1, 2, '3,4'],
      ['corrected', '5m 0 0', 1, 3, '1,3,4'],
    ])
    driver.record.panes.length = 0
    driver.push([event(63_000, 5), event(120_000, 6)])
    driver.flush()
    expect(
      driver.record.panes.map(({ kind, window, start, group, revision }) => [
        kind,
        window,
        start,
        group,
        revision,
      ]),
    ).toEqual([
      ['corrected', '1m', 60_000, 0, 2],
      ['final', '1m', 120_000, 0, 0],
      ['corrected', '5m', 0, 0, 2],
    ])
  })

  it('may be left anywhere, and visits each pane once', () => {
    const driver = new Driver(engineOf())
    driver.push(Array.from({ length: 20 }, (_, group) => event(group, group, 20 - group)))
    const [first] = driver.engine.announce(always)
    expect(plain(first!)[1]).toBe('1m 0 1')
    driver.push([event(30, 99, 1)])
    const rest = announced(driver.engine)
    expect(rest.slice(0, 2).map((pane) => pane[1])).toEqual(['1m 0 2', '1m 0 3'])
    expect(rest).toHaveLength(19 + 20 + 1)
    expect(rest.at(-1)).toEqual(['corrected', '1m 0 1', 1, 2, '19,99'])
  })

  it('visits and compares few groups between two steps, however many there are', () => {
    const groups = 50_000
    const driver = new Driver(engineOf({ rolling: [{ name: '3m/1m', every: minute, count: 3 }] }))
    driver.push(Array.from({ length: groups }, (_, i) => event(i % 1000, i, (i * 7919) % groups)))
    let compared = 0
    let most = 0
    let pauses = 0
    const order = (a: number, b: number) => {
      compared++
      return a - b
    }
    const found: number[] = []
    for (const pane of driver.engine.announceInSteps(always, order)) {
      most = Math.max(most, compared)
      compared = 0
      if (pane === undefined) pauses++
      else found.push(pane.group)
    }
    // Two sizes and one view: the groups of each in order.
    expect(found).toEqual(Array.from({ length: 3 * groups }, (_, i) => i % groups))
    expect(most).toBeLessThan(25_000)
    // Each of them is gathered, and half of each goes down the heap.
    expect(pauses).toBeGreaterThan((3 * 1.5 * groups) / 2048)
  })

  it('announces nothing twice, however the engine goes on between its steps', () => {
    const rolling = [{ name: '2m/1m', every: minute, count: 2 }]
    const driver = new Driver(engineOf({ rolling, allowedLateness: 600_000 }))
    driver.push([event(0, 1, 1), event(1, 2, 2)])
    const steps = driver.engine.announceInSteps(always)[Symbol.iterator]()
    const panes: unknown[][] = []
    // The sizes and the first group of the view; then the watermark passes them all.
    for (let left = 3; left > 0; ) {
      const { value } = steps.next()
      if (value === undefined) continue
      panes.push(plain(value))
      left--
    }
    driver.push([event(600_000, 3)])
    for (const pane of driver.record.panes)
      panes.push(plain({ ...pane, state: new Set(pane.users) } as never))
    for (let next = steps.next(); next.done !== true; next = steps.next()) {
      if (next.value !== undefined) panes.push(plain(next.value))
    }
    const finals = panes
      .filter(([kind, , , , users]) => kind === 'final' && users !== '3')
      .map(([, key]) => key)
    expect(new Set(finals).size).toBe(finals.length)
    expect(finals).toHaveLength(2 * (1 + 1 + 2))
    expect(panes.filter(([kind]) => kind === 'corrected')).toEqual([])
  })

  it('corrects, after a restart, a window that had come out before the watermark passed its end', () => {
    const options = { allowedLateness: 400_000, trackChanges: true }
    const driver = new Driver(engineOf(options))
    driver.push([event(21_072)])
    expect(announced(driver.engine)).toHaveLength(2)
    driver.push([event(227_440, 0, 1)])
    const replica = new ChangeReplica()
    replica.read(driver.engine)
    // The window of five minutes ends without a pane, and changes in no other way.
    driver.push([event(300_000)])
    replica.read(driver.engine)
    driver.push([event(299_999)])
    replica.read(driver.engine)
    driver.engine = engineOf(options)
    driver.engine.restoreRecords(replica.head!, replica.copy())
    driver.record.panes.length = 0
    driver.flush()
    const five = driver.record.panes.filter(
      ({ window, start, group }) => window === '5m' && start + group === 0,
    )
    expect(five).toMatchObject([{ kind: 'corrected', revision: 1, events: 2 }])
  })

  it('does, in the end, what a flush does, however it comes between events and restarts', () => {
    const events = fc.array(
      fc.record({
        step: fc.integer({ min: -150_000, max: 150_000 }),
        user: fc.nat({ max: 5 }),
        group: fc.nat({ max: 2 }),
        act: fc.constantFrom('none', 'none', 'announce', 'one', 'restart', 'early'),
      }),
      { maxLength: 30 },
    )
    const rolling = [{ name: '3m/1m', every: minute, count: 3 }]
    fc.assert(
      fc.property(
        events,
        fc.constantFrom(0, 90_000, 400_000),
        fc.constantFrom(1, 2),
        (steps, allowedLateness, at) => {
          const options = { allowedLateness, rolling, trackChanges: true }
          const undisturbed = new Driver(engineOf(options))
          const driver = new Driver(engineOf(options))
          const panes: ReturnType<typeof plain>[] = []
          const replica = new ChangeReplica()
          let time = 0
          for (const { step, user, group, act } of steps) {
            time += step
            undisturbed.push([event(time, user, group)])
            driver.push([event(time, user, group)])
            for (const pane of driver.record.panes.splice(0))
              panes.push(plain({ ...pane, state: new Set(pane.users) } as never))
            const until = at === 1 ? always : time
            if (act === 'announce') panes.push(...announced(driver.engine, until))
            if (act === 'one')
              for (const pane of driver.engine.announce(until)) {
                panes.push(plain(pane))
                break
              }
            if (act === 'early') panes.push(...driver.engine.early().map(plain))
            if (act === 'restart') {
              replica.read(driver.engine)
              const next = engineOf(options)
              next.restoreRecords(replica.head!, replica.copy())
              driver.engine = next
            }
          }
          undisturbed.flush()
          driver.flush()
          for (const pane of driver.record.panes)
            panes.push(plain({ ...pane, state: new Set(pane.users) } as never))
          const newest = new Map<unknown, unknown[]>()
          for (const pane of panes) {
            // Every revision in its turn, and `final` at most once.
            expect(pane[2]).toBe(((newest.get(pane[1])?.[2] as number | undefined) ?? -1) + 1)
            if (pane[0] === 'final')
              expect(panes.filter((p) => p[0] === 'final' && p[1] === pane[1])).toHaveLength(1)
            newest.set(pane[1], pane)
          }
          const truth = new Map<unknown, unknown[]>()
          for (const pane of undisturbed.record.panes) {
            const line = plain({ ...pane, state: new Set(pane.users) } as never)
            truth.set(line[1], line)
          }
          const contents = (of: Map<unknown, unknown[]>) =>
            [...of].map(([key, pane]) => [key, pane[3], pane[4]]).sort()
          expect(contents(newest)).toEqual(contents(truth))
          expect(driver.record.late).toEqual(undisturbed.record.late)
        },
      ),
      { numRuns: 500 },
    )
  })
})
