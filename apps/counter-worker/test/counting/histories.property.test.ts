import { FrameReader } from '@card/frames'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { frameOptions } from '../../src/settings/counting-options.js'
import { settings } from '../settings/place-settings.js'
import { countTimes } from './count-times.js'
import { DirectCounting } from './direct-counting.js'
import { type Happening, type LogFrame, type PartitionsOptions, partitionsModel } from './partitions-model.js'

/** CARD_TEST_HISTORIES asks for more than a quick test run has time for. */
const histories = Number(process.env.CARD_TEST_HISTORIES ?? 300)
const seconds = 1000
const noon = Date.UTC(2016, 6, 11, 12)

/** What the core says and sums up, in the words of the model. */
function countedByCore(options: PartitionsOptions, happenings: readonly Happening[]) {
  const { outOfOrder, lateness, maxAhead } = options
  const { values } = settings([
    ...['--brokers', 'a:1', '--topic', 't', '--group-by', 'g', '--windows', '1m,5m'],
    ...['--out-of-order', `${outOfOrder}ms`, '--lateness', `${lateness}ms`],
    ...['--max-ahead', Number.isFinite(maxAhead) ? `${maxAhead}ms` : 'off'],
  ])
  const reader = new FrameReader(frameOptions(values))
  const results = new Map<string, { content: string; revision: number }>()
  const run = new DirectCounting(values, reader, {
    result: ({ window, end, group, count, events, pane, revision }) => {
      const name = `${window} ${end} ${group}`
      expect(revision).toBe((results.get(name)?.revision ?? -1) + 1)
      if (revision > 0) expect(pane).toBe('corrected')
      results.set(name, { content: `${name} ${count} ${events}`, revision })
    },
    rejected: null,
    late: null,
    lateAction: 'dropped',
    held: null,
  })
  for (let partition = 0; partition < options.partitions; partition++) {
    run.tell((counting) => counting.addPartition(`t/${partition}`))
  }
  for (const { kind, partition, ...rest } of happenings) {
    if (!('frames' in rest)) {
      run.tell((counting) => counting[kind as Exclude<typeof kind, 'frames'>](`t/${partition}`))
    } else {
      reader.clear()
      for (const [i, { user, time, group }] of (rest.frames as LogFrame[]).entries()) {
        reader.pushValue(Buffer.from(JSON.stringify({ uid: user, ts: time, g: group })), i)
      }
      run.consume(`t/${partition}`)
    }
  }
  run.tell((counting) => counting.flush())
  const { counted, late } = run.figures.sums
  return {
    results: Array.from(results.values(), ({ content }) => content).sort(),
    sums: { dropped: 0, ahead: 0, closed: 0, ...late, counted },
  }
}

const frames = fc
  .record({
    steps: fc.array(
      fc.record({
        step: fc.oneof(
          { weight: 8, arbitrary: fc.integer({ min: 0, max: 20 }) },
          { weight: 2, arbitrary: fc.integer({ min: -90, max: 0 }) },
          fc.constantFrom(-400, 120, 700, 86_400, -86_400),
        ),
        stays: fc.boolean(),
        user: fc.nat({ max: 5 }),
        group: fc.constantFrom(null, 'a', 'b'),
      }),
      { maxLength: 30 },
    ),
    partition: fc.nat({ max: 2 }),
  })
  .map((run) => ({ kind: 'frames' as const, ...run }))
const said = fc.record({
  kind: fc.constantFrom(
    'idle' as const,
    'idle' as const,
    'flushHeld' as const,
    'active' as const,
    'endPartition' as const,
  ),
  partition: fc.nat({ max: 2 }),
})
const histories3 = fc
  .record({
    partitions: fc.integer({ min: 1, max: 3 }),
    outOfOrder: fc.constantFrom(0, 5 * seconds, 40 * seconds),
    lateness: fc.constantFrom(0, 0, 30 * seconds, 400 * seconds),
    reach: fc.constantFrom(5 * seconds, 5 * seconds, 60 * seconds, Number.POSITIVE_INFINITY),
    happenings: fc.array(fc.oneof({ weight: 3, arbitrary: frames }, said), { minLength: 1, maxLength: 12 }),
  })
  .map(({ partitions, outOfOrder, lateness, reach, happenings }) => {
    const now = [noon, noon, noon]
    const history = happenings.map(({ partition: any, ...happening }): Happening => {
      const partition = any % partitions
      if (happening.kind !== 'frames') return { ...happening, partition }
      const log = happening.steps.map(({ step, stays, user, group }) => {
        const time = now[partition]! + step * seconds
        // A jump that does not stay is a stray.
        if (stays || Math.abs(step) <= 20) now[partition] = Math.max(now[partition]!, time)
        return { user: `u${user}`, time, group }
      })
      return { kind: 'frames', partition, frames: log }
    })
    return { options: { partitions, outOfOrder, lateness, maxAhead: Math.max(reach, outOfOrder) }, history }
  })

test('the highest revision of every result and every sum of random histories of partitions is what the model says', () => {
  fc.assert(
    fc.property(histories3, ({ options, history }) => {
      expect(countedByCore(options, history)).toEqual(partitionsModel(options, history))
    }),
    { numRuns: histories },
  )
}, 900_000)

const frame = (user: string, time: number): LogFrame => ({ user, time: noon + time * seconds, group: null })
const defaults = { partitions: 2, outOfOrder: 5 * seconds, lateness: 0, maxAhead: 5 * seconds }
const busy: Happening = {
  kind: 'frames',
  partition: 1,
  frames: Array.from({ length: 900 }, (_, i) => frame(`u${i % 7}`, 4 * i)),
}

test('held frames are judged by their own partition, however far another has come when it ends', () => {
  for (const ends of ['endPartition', 'idle'] as const) {
    const history: Happening[] = [
      { kind: 'frames', partition: 0, frames: [frame('x', 0), frame('y', 1)] },
      { kind: ends, partition: 0 },
      busy,
      { kind: ends, partition: 1 },
    ]
    const { sums } = countedByCore(defaults, history)
    expect(sums).toEqual({ counted: 902, dropped: 0, ahead: 0, closed: 0 })
  }
})

test('a partition that wakes corrects what was published, and is closed only where the state is gone', () => {
  const early = Array.from({ length: 10 }, (_, i) => frame(`w${i}`, i))
  const history = (lateness: number): [PartitionsOptions, Happening[]] => [
    { ...defaults, lateness },
    [{ kind: 'idle', partition: 0 }, busy, { kind: 'frames', partition: 0, frames: early }],
  ]
  expect(countedByCore(...history(0)).sums).toEqual({ counted: 900, dropped: 0, ahead: 0, closed: 10 })
  const lenient = countedByCore(...history(86_400 * seconds))
  expect(lenient.sums).toEqual({ counted: 910, dropped: 0, ahead: 0, closed: 0 })
  expect(lenient.results.filter((result) => result.startsWith(`1m ${noon + 60_000} `))).toEqual([
    `1m ${noon + 60_000} null 17 25`,
  ])
})

test('what a silence publishes is what the sums say', () => {
  const { run, figures, results } = countTimes(
    [],
    [0, 1].map((time) => ({ user: `u${time}`, time: noon / seconds + time })),
  )
  run.tell((counting) => counting.idle('-'))
  run.tell((counting) => counting.announce(noon + 120 * seconds))
  expect([results.length, figures.sums.counted, figures.held]).toEqual([0, 0, 2])
  run.tell((counting) => counting.flushHeld('-'))
  run.tell((counting) => counting.announce(noon + 120 * seconds))
  expect(results).toMatchObject([{ count: 2, events: 2, pane: 'final' }])
  expect([figures.sums, run.tell((counting) => counting.unfinished())]).toEqual([
    { counted: 2, rejected: {}, late: {}, windows: 1 },
    0,
  ])
})
