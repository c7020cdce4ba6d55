import { expect, test } from 'vitest'
import type { Effect } from '../../src/core/effects.js'
import { CoreDriver, noon, type TestFrame } from './core-driver.js'

/** Users and a clock that goes on: enough for a partition to trust its times. */
const minutes = (count: number, from = 0): TestFrame[] =>
  Array.from({ length: count * 6 }, (_, i) => ({ user: i % 5, second: from + 10 * i }))

const kinds = (effects: readonly Effect[]) => effects.map(({ kind }) => kind)
const messages = (effects: readonly Effect[]) =>
  effects.flatMap((effect) => (effect.kind === 'log' ? [effect.message] : []))

test('a partition is idle only after it was quiet for the timeout and its end was asked for anew', () => {
  const driver = new CoreDriver()
  driver.assign('t/0', 't/1')
  driver.push('t/0', ...minutes(5))
  driver.push('t/1', { user: 1, second: 0 }, ...minutes(1))
  expect(driver.results).toEqual([])
  expect(kinds(driver.pass(10_000))).toEqual([])
  // t/0 goes on: only t/1 has been quiet.
  driver.push('t/0', ...minutes(1, 300))
  expect(driver.pass(1000)).toEqual([{ kind: 'ask-ends', id: 1, partitions: ['t/1'] }])
  expect(driver.pass(20_000)).toEqual([])
  expect(driver.results).toEqual([])
  driver.answer()
  expect(driver.published.slice(0, 2)).toEqual(['0 5 final', '60 5 final'])
})

test('records that no fetch has brought yet keep a partition from being idle', () => {
  const driver = new CoreDriver()
  driver.assign('t/0')
  driver.push('t/0', ...minutes(2))
  driver.pass(11_000)
  driver.answer({ 't/0': driver.stateOf('t/0').position + 1 })
  const before = driver.results.length
  // Its clock begins anew.
  expect(kinds(driver.pass(10_000))).toEqual([])
  expect(kinds(driver.pass(1000))).toEqual(['ask-ends'])
  expect(driver.results).toHaveLength(before)
})

test.each([
  ['gives no answer', { 't/1': null }, 1],
  ['answers after more than five seconds', {}, 5001],
])('a broker that %s says nothing of a quiet partition', (_, ends, elapsed) => {
  const driver = new CoreDriver()
  driver.assign('t/0', 't/1')
  driver.push('t/0', ...minutes(5))
  driver.push('t/1', ...minutes(1))
  driver.pass(11_000)
  driver.answer({ 't/0': null, ...ends }, elapsed)
  expect(driver.results).toEqual([])
  driver.passAnswered(11_000)
  expect(driver.results.length).toBeGreaterThan(0)
})

test('an answer says nothing of a partition that records came of meanwhile, nor of another question', () => {
  const driver = new CoreDriver()
  driver.assign('t/0', 't/1')
  driver.push('t/0', ...minutes(5))
  driver.push('t/1', ...minutes(1))
  driver.pass(11_000)
  driver.push('t/1', { user: 1, second: 61 })
  driver.pass(15_000)
  // The end was where reading stood, but before the last record.
  driver.answer({ 't/0': null, 't/1': 6 })
  expect(driver.results).toEqual([])
  driver.send({ kind: 'ends', id: 1, elapsed: 1, ends: new Map([['t/1', 0]]) })
  expect(driver.results).toEqual([])
})

test('a request that failed begins the clocks anew, and undoes a question', () => {
  const driver = new CoreDriver()
  driver.assign('t/0', 't/1')
  driver.push('t/0', ...minutes(5))
  driver.push('t/1', ...minutes(1))
  driver.pass(9000)
  driver.send({ kind: 'request-failed', reason: 'test' })
  expect(kinds(driver.pass(10_000))).toEqual([])
  expect(kinds(driver.pass(2000))).toEqual(['ask-ends'])
  driver.send({ kind: 'request-failed', reason: 'test' })
  driver.pass(15_000)
  driver.answer()
  expect(driver.results).toEqual([])
})

test('a stall of the process begins the clocks anew', () => {
  const driver = new CoreDriver()
  driver.assign('t/0')
  driver.push('t/0', ...minutes(2))
  driver.pass(2000)
  driver.now += 60_000
  expect(kinds(driver.pass(10_000))).toEqual([])
  expect(kinds(driver.pass(1000))).toEqual(['ask-ends'])
})

test('a backlog, a pause and an open transaction are not quiet; the last is reported once while it lasts', () => {
  const driver = new CoreDriver()
  driver.assign('t/0', 't/1')
  driver.setState('t/0', { caughtUp: false, waitsForTransaction: true, position: 7 })
  driver.setState('t/1', { paused: true })
  const asked = driver.pass(60_000)
  expect(asked).toMatchObject([{ kind: 'log', level: 'warn', partition: 't/0', fields: { offset: 7 } }])
  driver.setState('t/0', { waitsForTransaction: false })
  driver.pass(1000)
  driver.setState('t/0', { waitsForTransaction: true })
  expect(messages(driver.pass(60_000))).toEqual(['waiting for the end of an open transaction'])
})

test('held frames are judged when their partition has been idle for another timeout', () => {
  const driver = new CoreDriver()
  driver.assign('t/0')
  driver.push('t/0', ...[0, 1, 2].map((second) => ({ user: 1, second })))
  driver.passAnswered(19_000)
  expect([driver.figures.held, driver.figures.sums.counted]).toEqual([3, 0])
  driver.passAnswered(3000)
  expect([driver.figures.held, driver.figures.sums.counted]).toEqual([0, 3])
})

test('a revoked partition holds windows back for ten seconds, and then no longer', () => {
  const driver = new CoreDriver(['--idle-timeout', 'off'])
  driver.assign('t/0', 't/1')
  driver.push('t/0', ...minutes(5))
  driver.push('t/1', ...minutes(1))
  driver.revoke('t/1')
  driver.pass(9000)
  expect(driver.results).toEqual([])
  driver.pass(1000)
  expect(driver.published).toEqual(['0 5 final', '60 5 final', '120 5 final', '180 5 final'])
})

test('a revoked partition that is given back within ten seconds goes on where it was, held frames and all', () => {
  const driver = new CoreDriver()
  driver.assign('t/0', 't/1')
  driver.push('t/0', ...minutes(5))
  driver.push('t/1', { user: 8, second: 0 }, { user: 8, second: 1 })
  expect(driver.figures.held).toBe(2)
  driver.revoke('t/1')
  driver.pass(9000)
  driver.assign('t/1')
  driver.pass(9000)
  expect([driver.results, driver.figures.held]).toEqual([[], 2])
  driver.push('t/1', ...minutes(5, 2))
  expect(driver.figures.held).toBe(0)
  expect(driver.published[0]).toBe('0 6 final')
})

test('an idle partition that is revoked and given back stays idle', () => {
  const driver = new CoreDriver()
  driver.assign('t/0', 't/1')
  driver.push('t/0', ...minutes(2))
  driver.push('t/1', ...minutes(1))
  driver.pass(11_000)
  driver.answer({ 't/0': null })
  driver.revoke('t/1')
  driver.assign('t/1')
  driver.push('t/0', ...minutes(1, 120))
  expect(driver.published).toEqual(['0 5 final', '60 5 final'])
})

test('a partition of many groups becomes idle in slices', () => {
  const driver = new CoreDriver(['--group-by', 'g', '--max-ahead', 'off'])
  driver.assign('t/0')
  driver.push('t/0', ...Array.from({ length: 2000 }, (_, user) => ({ user, second: 0 })))
  driver.pass(11_000)
  driver.answer()
  expect(driver.slices).toBeGreaterThanOrEqual(8)
  expect(driver.results).toEqual([])
})

test('silence is published in slices, as far as windows have ended by the wall clock, and closes nothing', () => {
  const driver = new CoreDriver(['--group-by', 'g', '--max-ahead', 'off', '--out-of-order', '1s'])
  driver.assign('t/0')
  driver.wall = noon + 30_000
  driver.push('t/0', ...Array.from({ length: 2000 }, (_, user) => ({ user, second: 0 })))
  driver.passAnswered(29_000)
  // All are idle and silent, but the minute has not passed, out-of-orderness included.
  expect(driver.results).toEqual([])
  driver.passAnswered(2000)
  expect(driver.results).toHaveLength(2000)
  expect(driver.largestSlice).toBeLessThanOrEqual(512)
  driver.passAnswered(120_000)
  expect(driver.results).toHaveLength(2000)
  driver.push('t/0', { user: 1, second: 59 })
  driver.send({ kind: 'end-of-input' })
  expect(driver.results.slice(2000)).toMatchObject([
    { group: 'g1', events: 2, pane: 'corrected', revision: 1 },
  ])
})

test('nothing is silent while a revoked partition may come back', () => {
  const driver = new CoreDriver()
  driver.assign('t/0', 't/1')
  driver.push('t/0', ...minutes(1))
  driver.push('t/1', ...minutes(1))
  driver.passAnswered(18_000)
  driver.revoke('t/1')
  driver.passAnswered(9000)
  expect(driver.results).toEqual([])
  driver.passAnswered(3000)
  expect(driver.published).toEqual(['0 5 final'])
})

test('early results come by their period, whatever else happens, and none is made up for', () => {
  const driver = new CoreDriver(['--early', '10s', '--idle-timeout', 'off'])
  driver.assign('t/0')
  driver.push('t/0', ...minutes(1))
  driver.pass(9000)
  expect(driver.results).toEqual([])
  driver.pass(1000)
  expect(driver.published).toEqual(['0 5 early'])
  driver.pass(20_000)
  expect(driver.published).toHaveLength(1)
  driver.push('t/0', { user: 9, second: 50 })
  driver.now += 100_000
  driver.tick()
  driver.push('t/0', { user: 10, second: 50 })
  driver.pass(9000)
  expect(driver.published).toEqual(['0 5 early', '0 6 early'])
  driver.pass(1000)
  expect(driver.published[2]).toBe('0 7 early')
})

test('a partition a day of windows ahead of the others is paused until they have come half the way', () => {
  const driver = new CoreDriver(['--max-ahead', 'off', '--out-of-order', '0s'])
  driver.assign('t/0', 't/1')
  driver.push('t/0', { user: 1, second: 0 })
  driver.push('t/1', { user: 1, second: 0 }, { user: 2, second: 1_500 * 60 })
  expect(driver.effects.at(-1)).toEqual({ kind: 'pause', partitions: ['t/1'] })
  driver.push('t/0', { user: 1, second: 700 * 60 })
  expect(driver.effects.at(-1)).toEqual({ kind: 'pause', partitions: ['t/1'] })
  driver.push('t/0', { user: 1, second: 800 * 60 })
  expect(driver.effects.at(-1)).toEqual({ kind: 'resume', partitions: ['t/1'] })
})

test('with --until end a partition at its end holds nothing back, and an open transaction there is reported', () => {
  const driver = new CoreDriver(['--until', 'end'])
  driver.assign('t/0', 't/1')
  driver.push('t/0', ...minutes(3))
  driver.push('t/1', ...minutes(1))
  expect(kinds(driver.pass(60_000))).toEqual([])
  const ended = { kind: 'partition-ended', partition: 't/1', nextOffset: 6 } as const
  expect(messages(driver.send({ ...ended, waitsForTransaction: true }))).toEqual([
    'read up to an open transaction: the records after it are not counted',
  ])
  expect(driver.published).toEqual(['0 5 final', '60 5 final'])
  driver.send({ ...ended, partition: 't/0', nextOffset: 18, waitsForTransaction: false })
  driver.send({ kind: 'end-of-input' })
  expect([driver.published.at(-1), driver.unfinished]).toEqual(['120 5 final', 0])
})

test('a partition that is gone with its topic counts as ended and is read no longer', () => {
  const driver = new CoreDriver(['--idle-timeout', 'off'])
  driver.assign('t/0', 't/1')
  driver.push('t/0', ...minutes(3))
  const effects = driver.send({
    kind: 'partition-ended',
    partition: 't/1',
    nextOffset: 0,
    waitsForTransaction: false,
  })
  expect(messages(effects)).toEqual(['the partition is gone with its topic, and counts as ended'])
  expect([...driver.core.assigned]).toEqual(['t/0'])
  expect(driver.published).toEqual(['0 5 final', '60 5 final'])
})

test('a stop publishes nothing, judges held frames, and tells how many windows are left open', () => {
  const driver = new CoreDriver()
  driver.assign('t/0')
  driver.push('t/0', { user: 1, second: 0 }, { user: 1, second: 70 })
  expect(driver.figures.held).toBe(2)
  expect(driver.send({ kind: 'stop' })).toEqual([{ kind: 'finish', unfinished: 2 }])
  expect([driver.results, driver.figures.sums.counted]).toEqual([[], 2])
})

test('an input out of turn is refused: before work is continued, and after the end', () => {
  const driver = new CoreDriver(['--group-by', 'g'])
  driver.assign('t/0')
  expect(() => driver.core.handle({ kind: 'continue' }, 0, 0)).toThrow(
    'expected another input, found continue',
  )
  driver.push('t/0', ...Array.from({ length: 600 }, (_, user) => ({ user, second: 0 })))
  expect(kinds(driver.core.handle({ kind: 'end-of-input' }, 0, 0))).toEqual(['write', 'continue'])
  expect(() => driver.core.handle({ kind: 'stop' }, 0, 0)).toThrow('expected continue, found stop')
  driver.send({ kind: 'continue' })
  expect(driver.unfinished).toBe(0)
  expect(() => driver.tick()).toThrow('expected nothing more, found tick')
})
