import { expect, test } from 'vitest'
import { IdleWatch } from '../../src/core/idle-watch.js'

function watchOf(...partitions: string[]): IdleWatch {
  const watch = new IdleWatch(10)
  for (const partition of partitions) watch.add(partition)
  return watch
}

test('a partition is due when it was caught up and quiet for the whole timeout', () => {
  const watch = watchOf('t/1')
  watch.observe('t/1', true, 100)
  expect([watch.due(109), watch.due(110)]).toEqual([[], ['t/1']])
})

test('the clock does not run on a backlog, and begins anew with every record', () => {
  const watch = watchOf('t/1', 't/2')
  watch.observe('t/1', true, 100)
  watch.observe('t/1', false, 105)
  watch.observe('t/1', true, 106)
  watch.observe('t/2', true, 100)
  watch.markActive('t/2')
  watch.observe('t/2', true, 109)
  expect([watch.due(115), watch.due(116), watch.due(119)]).toEqual([[], ['t/1'], ['t/1', 't/2']])
})

test('trouble begins every clock anew', () => {
  const watch = watchOf('t/1')
  watch.observe('t/1', true, 100)
  watch.restart()
  expect(watch.due(1000)).toEqual([])
  watch.observe('t/1', true, 1000)
  expect(watch.due(1010)).toEqual(['t/1'])
})

test('the stream is silent when all partitions have been idle for another timeout', () => {
  const watch = watchOf('t/1', 't/2')
  watch.setIdle('t/1', 90)
  expect(watch.isSilent(100)).toBe(false)
  watch.setIdle('t/2', 105)
  expect([watch.isSilent(110), watch.isSilent(119), watch.isSilent(120)]).toEqual([false, false, true])
  watch.restart()
  expect([watch.isSilent(121), watch.isSilent(131)]).toEqual([false, true])
  watch.markActive('t/2')
  expect(watch.isSilent(200)).toBe(false)
})

test('a partition that is idle for another timeout is reported once, until its next record', () => {
  const watch = watchOf('t/1', 't/2')
  watch.observe('t/1', true, 100)
  watch.setIdle('t/1', 110)
  expect([watch.longIdle(119), watch.longIdle(120), watch.longIdle(200)]).toEqual([[], ['t/1'], []])
  watch.markActive('t/1')
  watch.observe('t/1', true, 200)
  watch.setIdle('t/1', 210)
  watch.restart()
  expect(watch.longIdle(1000)).toEqual([])
  watch.observe('t/1', true, 1000)
  expect([watch.longIdle(1009), watch.longIdle(1010)]).toEqual([[], ['t/1']])
})

test('without partitions, or without a timeout, nothing is idle or silent', () => {
  expect(watchOf().isSilent(1e9)).toBe(false)
  const watch = new IdleWatch(Number.POSITIVE_INFINITY)
  watch.add('t/1')
  watch.observe('t/1', true, 0)
  expect(watch.due(1e12)).toEqual([])
})
