import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Outcome, type Pane, RowWindows } from '../src/index.js'
import { Driver, type PlainPane } from './drive.js'
import { engineOf, engineOptions, histories, run } from './histories.js'
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

  it('gives the panes of the column form', () => {
    fc.assert(
      fc.property(histories, ({ options, input, flush }) => {
        const { record } = run(new Driver(engineOf(options)), { input, flush })
        const hash = (user: number, words: Uint32Array) => words.fill(0).set([user])
        const windows = new RowWindows({ ...engineOptions(options), add, hash })
        const panes: Omit<PlainPane, 'after'>[] = []
        const take = (due: Pane<Set<number>>[]) => {
          for (const { kind, window, start, end, group, revision, events, state, last } of due) {
            const users = [...state].sort((a, b) => a - b)
            panes.push({ kind, window, start, end, group, revision, events, users, last })
          }
        }
        for (const item of input) {
          if ('call' in item && item.call === 'early') take(windows.engine.early())
          else if ('call' in item) {
            const judges = item.call === 'endPartition' || item.call === 'flushHeld'
            if (judges) windows[item.call as 'endPartition' | 'flushHeld'](item.partition)
            else windows.engine[item.call](item.partition)
          } else windows.push(item.p, item.t, item.user, item.group)
          take(windows.takePanes())
        }
        if (flush) windows.flush()
        take(windows.takePanes())
        expect(panes).toEqual(record.panes.map(({ after: _, ...pane }) => pane))
      }),
      { numRuns: 1000 },
    )
  })

  it('keeps values that are held and adds them when the guard lets them through', () => {
    const hash = (user: number, words: Uint32Array) => words.fill(user)
    const windows = new RowWindows({ sizes: [minute], aggregate: userSets, maxAhead: 1000, add, hash })
    const times = [0, 1, 2, 3, 4, 9e9, 5]
    const outcomes = times.map((time, i) => windows.push(0, time, 10 + i))
    expect(outcomes).toEqual([...new Array(6).fill(Outcome.held), Outcome.counted])
    expect(windows.held.size).toBe(1)
    windows.flush()
    expect(windows.settled).toEqual([{ value: 15, outcome: Outcome.ahead }])
    expect(windows.takePanes().map(({ state }) => [...state])).toEqual([[10, 11, 12, 13, 14, 16]])
  })

  it('gives back held values also where a partition ends, is quiet or waits no longer', () => {
    for (const call of ['endPartition', 'quiet', 'flushHeld', 'flush'] as const) {
      const windows = new RowWindows({ sizes: [minute], aggregate: userSets, maxAhead: 1000, add })
      windows.push(0, 0, 7)
      windows[call](0)
      expect(windows.settled).toEqual([{ value: 7, outcome: Outcome.counted }])
      const panes = windows.takePanes()
      windows.flush()
      panes.push(...windows.takePanes())
      expect(panes.map(({ state }) => [...state])).toEqual([[7]])
    }
  })
})
