import { GroupTable } from '@card/frames'
import { expect, it } from 'vitest'
import { createCounting } from '../src/index.js'
import { batchOf, begin, type Frame } from './logs.js'
import { options } from './truth.js'

const day = 86_400_000
const config = options({
  counter: { estimator: 'exact' },
  windows: [{ name: '1m', length: 60_000 }],
  rolling: [],
  sketchPrecision: null,
  maxAhead: 5000,
})

const frame = (time: number, user: number): Frame => ({ time: begin + time, user, group: 0, status: 0 })

it.each([
  ['one stage', ['p']],
  ['two stages', ['p', 'q']],
])(
  'in %s, a run left before its end judges held frames as a flush does, and publishes nothing',
  (_, names) => {
    const groups = new GroupTable()
    const counting = createCounting(config, groups, { rejected: true, late: true }, { names, fixed: true })
    const log = [
      ...Array.from({ length: 10 }, (__, user) => frame(user, user)),
      // Contradicted by the frame after it.
      frame(day, 1),
      frame(11, 1),
      frame(2 * day, 2),
    ]
    const batch = batchOf(log, 0, groups)
    for (let row = 0; row < log.length; ) row = counting.consume('p', batch, row)
    expect(counting.takeStep()).toMatchObject({ results: [], refused: [] })
    expect(counting.sums).toMatchObject({ counted: 11, held: 2, ahead: 0 })
    counting.judgeHeld()
    const { results, refused } = counting.takeStep()
    expect(results).toEqual([])
    expect(refused.map(({ refusal, line }) => [refusal, line.offset])).toEqual([['ahead', 10]])
    expect(counting.sums).toMatchObject({ counted: 12, held: 0, ahead: 1, closed: 0 })
    expect(counting.unfinished()).toBe(2)
  },
)
