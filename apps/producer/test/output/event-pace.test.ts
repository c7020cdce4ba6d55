import { describe, expect, test } from 'vitest'
import { EventPace, RatePace } from '../../src/output/event-pace.js'

const start = 1_468_244_384_000
const year = 365 * 86_400_000

/** When frames of these times are due, all asked for at moment 1000. */
function dues(speed: number, times: readonly number[]): number[] {
  const pace = new EventPace(speed)
  return times.map((time) => pace.due(time, 1000))
}

describe('event time against the clock', () => {
  test('a frame is due when its time has come, at the speed', () => {
    expect(dues(1, [start, start + 500, start + 2000])).toEqual([1000, 1500, 3000])
    expect(dues(10, [start, start + 500, start + 2000])).toEqual([1000, 1050, 1200])
  })

  test('late frames and lines without a time are due with the greatest time so far', () => {
    expect(dues(1, [Number.NaN, start, start + 900, start - 4000, Number.NaN, start + 1000])).toEqual([
      1000, 1000, 1900, 1900, 1900, 2000,
    ])
  })

  test('a flipped bit neither stalls the replay nor lets it run', () => {
    const times = [start, start + year, start + 100, start - year, start + 200]
    expect(dues(1, times)).toEqual([1000, 1000, 1100, 1100, 1200])
  })

  test('of a flipped bit in the first frame the pace recovers', () => {
    const times = [start + year, ...Array.from({ length: 102 }, (_, i) => start + i * 10)]
    expect(dues(1, times).slice(-3)).toEqual([1000, 1010, 1020])
  })

  test('a gap of a day is passed without a wait, and then the pace holds', () => {
    const after = start + 86_400_000
    const times = [start, start + 1000, ...Array.from({ length: 102 }, (_, i) => after + i)]
    const found = dues(1, times)
    expect(Math.max(...found.slice(2, 101))).toBe(2000)
    expect(found.slice(-3)).toEqual([2000, 2001, 2002])
  })
})

test('at a rate each frame is due one interval after the one before', () => {
  const pace = new RatePace(50)
  expect([5, 6, 500].map((now) => pace.due(Number.NaN, now))).toEqual([5, 25, 45])
})
