import { expect, test } from 'vitest'
import { SkewLimit } from '../../src/core/skew-limit.js'

/** Partitions so many base windows ahead of the combined watermark. */
function limitOf(ahead: Record<string, number>) {
  const limit = new SkewLimit()
  const counting = { tooFarAhead: (most: number) => Object.keys(ahead).filter((name) => ahead[name]! > most) }
  const assigned = new Set(Object.keys(ahead))
  return { limit, assigned, ahead, changes: () => limit.changes(counting, assigned) }
}

const nothing = { pause: [], resume: [] }

test('partitions a day of minutes ahead are paused until they are half a day ahead', () => {
  const { ahead, changes } = limitOf({ a: 0, b: 1_440, c: 1_441 })
  expect([changes(), changes()]).toEqual([{ pause: ['c'], resume: [] }, nothing])
  ahead.b = 2_000
  ahead.c = 721
  expect(changes()).toEqual({ pause: ['b'], resume: [] })
  ahead.c = 720
  expect(changes()).toEqual({ pause: [], resume: ['c'] })
  ahead.b = 0
  expect([changes(), changes()]).toEqual([{ pause: [], resume: ['b'] }, nothing])
})

test('a partition that was revoked and came back is paused anew', () => {
  const { limit, assigned, changes } = limitOf({ a: 0, b: 5_000 })
  expect(changes()).toEqual({ pause: ['b'], resume: [] })
  assigned.delete('b')
  limit.forget('b')
  expect(changes()).toEqual(nothing)
  assigned.add('b')
  expect(changes()).toEqual({ pause: ['b'], resume: [] })
})
