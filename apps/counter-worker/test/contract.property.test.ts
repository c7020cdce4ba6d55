import type { Result } from '@card/results'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countInProcess } from './count-in-process.js'
import { model, type Span } from './model.js'

const second = 1_000
/** Small sizes, so that a few frames cross many windows. */
const sizes = [
  ['10s', 10 * second],
  ['30s', 30 * second],
  ['1m', 60 * second],
] as const

const keys = ['a', 'b', 'c', 'd', 'e'] as const
const frame = fc.record({
  key: fc.constantFrom(...keys),
  // Mostly near the beginning, sometimes far ahead or behind, as damaged times are.
  time: fc.oneof(
    { weight: 12, arbitrary: fc.nat(200) },
    { weight: 2, arbitrary: fc.nat(5_000) },
    { weight: 1, arbitrary: fc.integer({ min: -100_000, max: 100_000 }) },
  ),
  group: fc.constantFrom(null, 'x', 'y'),
})

/** What the model says of a result. */
function modelled({ window, start, group, count: users, events, pane, revision, total }: Result) {
  return { window, start, group, users, events, pane, revision, ...(total && { total }) }
}

/** The last frame moves the trusted time twice, while a correction waits. */
const movingTwice: [
  { key: (typeof keys)[number]; time: number; group: null }[],
  ...[number, number, number, number, number, boolean],
] = [
  [
    ['d', 23] as const,
    ['b', 10] as const,
    ['a', 10] as const,
    ['a', 0] as const,
    ['a', 37] as const,
    ['a', 51] as const,
    ['c', 51] as const,
    ['d', 51] as const,
  ].map(([key, time]) => ({ key, time, group: null })),
  ...([13, 1, 0, 1, 1, false] as const),
]

test('random streams under random settings give what the plain model gives, whatever the chunks', () => {
  fc.assert(
    fc.property(
      fc.array(frame, { maxLength: 60 }),
      fc.nat(20),
      fc.nat(120),
      fc.option(fc.nat(300)),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 300 }),
      fc.boolean(),
      (rows, outOfOrder, lateness, maxAhead, count, chunkSize, totals) => {
        const frames = rows.map(({ key, time, group }) => ({ key, time: time * second, group }))
        const lines = rows.map(({ key, time, group }) => `${JSON.stringify({ uid: key, ts: time, group })}\n`)
        const words = [
          ...[
            '--windows',
            sizes
              .slice(0, count)
              .map(([name]) => name)
              .join(','),
          ],
          ...['--out-of-order', `${outOfOrder}s`, '--lateness', `${lateness}s`, '--group-by', 'group'],
          ...[
            '--max-ahead',
            maxAhead === null ? 'off' : `${maxAhead + 1}s`,
            '--estimator',
            'exact',
            '--time-unit',
            's',
          ],
          ...(totals ? ['--totals'] : []),
        ]
        const expected = model(frames, {
          sizes: sizes.slice(0, count),
          outOfOrder: outOfOrder * second,
          lateness: lateness * second,
          totals,
          maxAhead: maxAhead === null ? Number.POSITIVE_INFINITY : (maxAhead + 1) * second,
        })
        const counted = countInProcess(words, Buffer.from(lines.join('')), chunkSize)
        expect(counted.results.map(modelled)).toEqual(expected.results)
        expect(counted.sums.counted).toBe(expected.counted)
        expect(counted.refused).toHaveLength(expected.late.length)
      },
    ),
    { numRuns: 3_000, examples: [movingTwice] },
  )
})

const hour = 3_600_000
const day = 24 * hour

/** Days of São Paulo around 4 November 2018, which began at 1 o'clock: the clocks skipped its midnight. */
function dayStart(number: number): number {
  return number * day + (number <= Date.UTC(2018, 10, 4) / day ? 3 : 2) * hour
}

function dayOf(time: number): number {
  const number = Math.floor((time - 2 * hour) / day)
  return time < dayStart(number) ? number - 1 : number
}

/** The windows of a number of days, from a first one, that hold a time. */
const daysFrom = (first: number, days: number): Span[] => [[dayStart(first), dayStart(first + days)]]
const inSaoPaulo: readonly (readonly [string, (time: number) => Span[]])[] = [
  ['1d', (time) => daysFrom(dayOf(time), 1)],
  // Day 4 after the epoch was the first Monday.
  ['1w', (time) => daysFrom(Math.floor((dayOf(time) - 4) / 7) * 7 + 4, 7)],
  [
    '1M',
    (time) => {
      const date = new Date(dayOf(time) * day)
      const [from, to] = [0, 1].map((more) => Date.UTC(2018, date.getUTCMonth() + more) / day)
      return daysFrom(from!, to! - from!)
    },
  ],
  ['3h/1h', (time) => [2, 1, 0].map((back) => hours(time, back, 3))],
  ['3d/1d', (time) => [2, 1, 0].flatMap((back) => daysFrom(dayOf(time) - back, 3))],
]

function hours(time: number, back: number, count: number): Span {
  const start = (Math.floor(time / hour) - back) * hour
  return [start, start + count * hour]
}

const fewDays = fc.record({
  key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  // Hours from 29 October to 9 November, mostly going on.
  step: fc.oneof({ weight: 8, arbitrary: fc.nat(4) }, fc.integer({ min: -40, max: 40 })),
  minute: fc.nat(59),
  group: fc.constantFrom(null, 'x', 'y'),
})

test('days, weeks, months and rolling views of a zone are those of the plain model, corrections and groups too', () => {
  fc.assert(
    fc.property(
      fc.array(fewDays, { maxLength: 60 }),
      fc.nat(6),
      fc.constantFrom(0, 3, 30, 100),
      fc.option(fc.integer({ min: 6, max: 30 })),
      fc.integer({ min: 1, max: 300 }),
      fc.boolean(),
      (rows, outOfOrder, lateness, maxAhead, chunkSize, totals) => {
        let now = Date.UTC(2018, 9, 29)
        const frames = rows.map(({ key, step, minute, group }) => {
          now += step * hour
          return { key, time: now + minute * 60_000, group }
        })
        const lines = frames.map(
          ({ key, time, group }) => `${JSON.stringify({ uid: key, ts: time, group })}\n`,
        )
        const words = ['--windows', '1M,1d,1h,1w', '--rolling', '3h/1h,3d/1d', '--group-by', 'group']
        words.push('--timezone', 'America/Sao_Paulo', '--estimator', 'exact', '--time-unit', 'ms')
        words.push('--out-of-order', `${outOfOrder}h`, '--lateness', `${lateness}h`)
        words.push('--max-ahead', maxAhead === null ? 'off' : `${maxAhead}h`)
        if (totals) words.push('--totals')
        const expected = model(frames, {
          sizes: [['1h', hour]],
          others: inSaoPaulo,
          outOfOrder: outOfOrder * hour,
          lateness: lateness * hour,
          totals,
          maxAhead: maxAhead === null ? Number.POSITIVE_INFINITY : maxAhead * hour,
        })
        const counted = countInProcess(words, Buffer.from(lines.join('')), chunkSize)
        expect(counted.results.map(modelled)).toEqual(expected.results)
        expect(counted.refused).toHaveLength(expected.late.length)
      },
    ),
    { numRuns: 400 },
  )
})
