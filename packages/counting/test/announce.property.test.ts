import { GroupTable } from '@card/frames'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Merger, PartitionCounter } from '../src/index.js'
import { batchOf, type Frame, logs } from './logs.js'
import { options } from './truth.js'

const inputs = fc.array(logs({ flips: false }), { minLength: 1, maxLength: 2 })
/** After how many frames each counter takes a step. */
const strides = fc.integer({ min: 1, max: 10 })

function published(
  logsOf: readonly (readonly Frame[])[],
  lateness: number,
  stride: number,
  how: 'announce' | 'flush',
) {
  const groups = new GroupTable()
  const config = options({ lateness, totals: true })
  const merger = new Merger(config, groups)
  logsOf.forEach((log, i) => {
    const origin = { partition: `t/${i}`, incarnation: 0 }
    merger.addPartition(origin.partition)
    const counter = new PartitionCounter(config, groups, origin, { rejected: false, late: false })
    const hand = () => {
      const { partials, progress } = counter.takeStep()
      for (const partial of partials) merger.absorb(origin, progress.upTo, partial)
      merger.advance(progress)
    }
    for (let at = 0; at < log.length; at += stride) {
      const rows = log.slice(at, at + stride)
      counter.consume(batchOf(rows, at, groups), at + rows.length)
      hand()
    }
    counter.end()
    hand()
  })
  const before = merger.takeStep().results
  if (how === 'flush') merger.flush()
  else while (merger.announce(Number.POSITIVE_INFINITY, 3).more);
  return [...before, ...merger.takeStep().results].map(
    ({ window, start, group, pane, revision, events, count }) =>
      [window, start, group, pane, revision, events, count].join(),
  )
}

test('a processing-time flush without a limit publishes what a flush does, in the same order', () => {
  fc.assert(
    fc.property(inputs, fc.constantFrom(0, 90_000), strides, (logsOf, lateness, stride) => {
      expect(published(logsOf, lateness, stride, 'announce')).toEqual(
        published(logsOf, lateness, stride, 'flush'),
      )
    }),
    {
      numRuns: 300,
      examples: [
        [
          [
            [
              { time: 1468238400000, user: 0, group: 0, status: 0 },
              { time: 1468238339000, user: 0, group: 0, status: 0 },
            ],
          ],
          90_000,
          2,
        ],
      ],
    },
  )
})
