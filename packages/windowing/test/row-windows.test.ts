import { describe, expect, it } from 'vitest'
import { Outcome, RowWindows } from '../src/index.js'
import { userSets } from './user-set.js'

const minute = { name: '1m', length: 60_000 }
const add = (users: Set<number>, user: number) => users.add(user)

describe('the row form', () => {
  it('answers each event with its outcome and adds it to its window', () => {
    const windows = new RowWindows({ sizes: [minute], aggregate: userSets, add })
    expect(windows.push(0, 0, 1)).toBe(Outcome.counted)
    expect(windows.push(0, 0.5, 1)).toBe(Outcome.invalid)
    expect(windows.push(0, 60_000, 2)).toBe(Outcome.counted)
    expect(windows.panesDue).toBe(true)
    expect(windows.takePanes().map(({ start, state, events }) => [start, [...state], events])).toEqual([
      [0, [1], 1],
    ])
    expect(windows.push(0, 59_999, 3)).toBe(Outcome.late)
    expect(windows.engine.counters).toMatchObject({ counted: 2, invalid: 1, late: 1 })
  })

  it('keeps values that are held and adds them when the guard lets them through', () => {
    const hash = (user: number, words: Uint32Array) => words.fill(user)
    const windows = new RowWindows({ sizes: [minute], aggregate: userSets, maxAhead: 1000, add, hash })
    const outcomes = [10, 11, 12, 13, 14].map((user, i) => windows.push(0, i === 3 ? 9e9 : i, user))
    expect(outcomes).toEqual([Outcome.held, Outcome.held, Outcome.held, Outcome.held, Outcome.counted])
    expect(windows.held.size).toBe(1)
    windows.flush()
    expect(windows.settled).toEqual([{ value: 13, outcome: Outcome.ahead }])
    expect(windows.takePanes().map(({ state }) => [...state])).toEqual([[10, 11, 12, 14]])
  })
})
