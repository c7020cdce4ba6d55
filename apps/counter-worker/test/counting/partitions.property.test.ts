import { FrameReader } from '@card/frames'
import type { Result } from '@card/results'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { frameOptions } from '../../src/settings/counting-options.js'
import { settings } from '../settings/place-settings.js'
import { DirectCounting } from './direct-counting.js'

/** The counting core on partitions, as topics drive it. */
class PartitionedRun {
  readonly results: Result[] = []
  readonly core: DirectCounting
  readonly #reader: FrameReader

  constructor(partitions: number, words: readonly string[]) {
    const { values } = settings(['--brokers', 'a:1', '--topic', 't', '--windows', '1m,1h', ...words])
    this.#reader = new FrameReader(frameOptions(values))
    this.core = new DirectCounting(values, this.#reader, {
      result: (result) => this.results.push(result),
      rejected: null,
      late: null,
      lateAction: 'dropped',
      held: null,
    })
    for (let partition = 0; partition < partitions; partition++) {
      this.core.tell((counting) => counting.addPartition(`t/${partition}`))
    }
  }

  push(partition: number, frames: readonly Frame[]): void {
    this.#reader.clear()
    for (const [i, { user, time }] of frames.entries()) {
      this.#reader.pushValue(Buffer.from(`{"uid":"u${user}","ts":${1_468_238_400 + time}}`), i)
    }
    this.core.consume(`t/${partition}`)
  }

  /** The highest revision of each result, without how it came there. */
  get latest() {
    const newest = new Map<string, Result>()
    for (const result of this.results) newest.set(`${result.window} ${result.start} ${result.group}`, result)
    return [...newest.entries()].sort().map(([key, { count, events }]) => ({ key, count, events }))
  }
}

interface Frame {
  readonly user: number
  /** Seconds from the start. */
  readonly time: number
}

/** A log that goes on by up to a few seconds a frame, some of it out of order or late. */
const log = fc
  .array(fc.record({ step: fc.nat({ max: 4 }), back: fc.nat({ max: 40 }), user: fc.nat({ max: 20 }) }), {
    maxLength: 120,
  })
  .map((steps) => {
    let now = 0
    return steps.map(({ step, back, user }) => {
      now += step
      return { user, time: Math.max(0, back > 30 ? now - back : now) }
    })
  })
const logs = fc.tuple(log, log, log)
/** Which partition is read next, and how many frames of it. */
const reads = fc.array(fc.tuple(fc.nat({ max: 2 }), fc.integer({ min: 1, max: 30 })), { maxLength: 40 })
const flags = fc.constantFrom<string[]>(
  ['--out-of-order', '5s'],
  ['--out-of-order', '0s', '--lateness', '2m'],
  ['--out-of-order', '20s', '--max-ahead', 'off', '--early', '1s'],
)

function readAll(
  run: PartitionedRun,
  all: readonly (readonly Frame[])[],
  turns: readonly (readonly [number, number])[],
  between: () => void = () => {},
): void {
  const next = [0, 0, 0]
  const take = (partition: number, frames: number) => {
    const from = next[partition]!
    next[partition] = from + frames
    run.push(partition, all[partition]!.slice(from, from + frames))
  }
  for (const [partition, frames] of turns) {
    take(partition, frames)
    between()
  }
  for (const partition of [0, 1, 2]) take(partition, Number.MAX_SAFE_INTEGER)
  run.core.tell((counting) => counting.flush())
}

test('however partitions are interleaved, the same frames are counted in the same windows', () => {
  fc.assert(
    fc.property(logs, reads, reads, flags, (all, first, second, words) => {
      const [one, other] = [new PartitionedRun(3, words), new PartitionedRun(3, words)]
      readAll(one, all, first)
      readAll(other, all, second)
      expect(other.latest).toEqual(one.latest)
      expect(other.core.figures.sums).toEqual(one.core.figures.sums)
    }),
    { numRuns: 150 },
  )
})

test('a partition is too far ahead by windows of the size that takes the frames', () => {
  for (const [words, base] of [
    [[], 60],
    [['--windows', '7m,1h'], 60],
    [['--windows', '1h', '--rolling', '60s/5s'], 5],
    [['--windows', '1d,1M', '--timezone', 'Europe/Berlin'], 86_400],
  ] as const) {
    const run = new PartitionedRun(2, ['--max-ahead', 'off', '--out-of-order', '0s', ...words])
    run.push(0, [{ user: 1, time: 0 }])
    run.push(1, [{ user: 1, time: 0 }])
    // Ahead is counted from the end of the oldest open window.
    run.push(1, [{ user: 1, time: 20 * 86_400 }])
    const ahead = (20 * 86_400) / base
    expect(run.core.tell((counting) => counting.tooFarAhead(ahead * 1.2))).toEqual([])
    expect(run.core.tell((counting) => counting.tooFarAhead(ahead * 0.8))).toEqual(['t/1'])
  }
})

/** Held frames that a silence counted make room for as many others. */
const makingRoom: Parameters<typeof silenceChangesNothing> = [
  [
    [
      [19, 0],
      [14, 2],
      [17, 0],
      [4, 9],
      [7, 0],
      [6, 13],
      [14, 16],
      [8, 0],
      [2, 20],
      [9, 0],
    ],
    [],
    [
      [7, 3],
      [16, 3],
      [2, 4],
      [19, 8],
      [18, 10],
      [18, 11],
    ],
  ].map((frames) => frames.map(([user, time]) => ({ user: user!, time: time! }))) as never,
  [
    [2, 3],
    [2, 29],
    [1, 21],
    [0, 7],
    [1, 6],
    [1, 3],
  ],
  ['--out-of-order', '0s', '--lateness', '2m'],
  205,
]

function silenceChangesNothing(
  all: readonly (readonly Frame[])[],
  turns: readonly (readonly [number, number])[],
  words: readonly string[],
  until: number,
): void {
  const [plain, silent] = [new PartitionedRun(3, words), new PartitionedRun(3, words)]
  readAll(plain, all, turns)
  const early = words.includes('--early')
  readAll(silent, all, turns, () => {
    if (early) silent.core.tell((counting) => counting.early())
    const before = silent.results.length
    silent.core.tell((counting) => counting.announce((1_468_238_400 + until) * 1000))
    const published = silent.results.length
    silent.core.tell((counting) => counting.announce((1_468_238_400 + until) * 1000))
    // Nothing is said twice, and nothing beyond the time that was given.
    expect(silent.results).toHaveLength(published)
    for (const { end } of silent.results.slice(before)) {
      expect(end).toBeLessThanOrEqual((1_468_238_400 + until) * 1000)
    }
  })
  expect(silent.latest).toEqual(plain.latest)
  expect(silent.core.figures.sums).toEqual(plain.core.figures.sums)
  expect(silent.core.tell((counting) => counting.unfinished())).toBe(0)
  const revisions = new Map<string, number>()
  for (const { window, start, revision, pane } of silent.results) {
    const key = `${window} ${start}`
    const last = revisions.get(key)
    expect(revision).toBe(last === undefined ? 0 : last + 1)
    if (last !== undefined && !early) expect(pane).toBe('corrected')
    revisions.set(key, revision)
  }
}

test('silences publish what there is and change no number in the end', () => {
  fc.assert(fc.property(logs, reads, flags, fc.nat({ max: 240 }), silenceChangesNothing), {
    numRuns: 150,
    examples: [makingRoom as never],
  })
})
