import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CoreDriver, type TestFrame } from './core-driver.js'

const partitions = ['t/0', 't/1', 't/2'] as const
type Partition = (typeof partitions)[number]

/** A log that goes on by up to half a minute a frame, some of it out of order, or late. */
const log = fc
  .array(fc.record({ step: fc.nat({ max: 30 }), back: fc.nat({ max: 100 }), user: fc.nat({ max: 9 }) }), {
    maxLength: 25,
  })
  .map((steps) => {
    let now = 0
    return steps.map(({ step, back, user }): TestFrame => {
      now += step
      return { user, second: Math.max(0, back > 80 ? now - back : now) }
    })
  })

const partition = fc.constantFrom(...partitions)
const happening = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('read'), partition, frames: fc.integer({ min: 0, max: 6 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pass'), milliseconds: fc.nat({ max: 30_000 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('quiet'), milliseconds: fc.nat({ max: 30_000 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('jump'), milliseconds: fc.nat({ max: 90_000 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('wall'), milliseconds: fc.integer({ min: -1e8, max: 1e8 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('answer'),
      behind: fc.subarray([...partitions]),
      silent: fc.subarray([...partitions]),
      elapsed: fc.constantFrom(1, 1, 6000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('revoke'), partition }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('assign'), partition }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('backlog'), partition, caughtUp: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('fail') }) },
)

const flags = fc.constantFrom<string[]>(
  ['--early', '7s'],
  ['--windows', '1m,5m'],
  ['--group-by', 'g', '--rolling', '3m/1m'],
  ['--estimator', 'hll', '--sketches'],
)

/** Late frames count however late, and no window gives up its state: what is left to differ is when results come out. */
const lenient = ['--max-ahead', 'off', '--out-of-order', '5s', '--lateness', '2h']

/** The logs as a run reads them, in any order of partitions. */
class Reading {
  readonly driver: CoreDriver
  readonly #logs: Readonly<Record<Partition, readonly TestFrame[]>>
  readonly #next: Record<Partition, number> = { 't/0': 0, 't/1': 0, 't/2': 0 }

  constructor(logs: readonly TestFrame[][], words: readonly string[]) {
    this.driver = new CoreDriver([...lenient, ...words])
    this.#logs = { 't/0': logs[0]!, 't/1': logs[1]!, 't/2': logs[2]! }
    this.driver.assign(...partitions)
  }

  read(of: Partition, frames: number): void {
    if (!this.driver.core.assigned.has(of)) return
    const from = this.#next[of]
    this.#next[of] += frames
    this.driver.push(of, ...this.#logs[of].slice(from, from + frames))
  }

  finish(): void {
    for (const of of partitions) {
      if (!this.driver.core.assigned.has(of)) this.driver.assign(of)
      this.read(of, Number.MAX_SAFE_INTEGER)
    }
    this.driver.send({ kind: 'end-of-input' })
  }

  /** The highest revisions, which come in order; and each final at most once. */
  newest() {
    const newest = new Map<string, { revision: number; content: unknown }>()
    const finals = new Set<string>()
    for (const { pane, revision, ...content } of this.driver.results) {
      const { window, start, group } = content
      const key = `${window} ${start} ${group}`
      expect(revision).toBe((newest.get(key)?.revision ?? -1) + 1)
      if (pane === 'final') expect(finals).not.toContain(key)
      if (pane === 'final') finals.add(key)
      newest.set(key, { revision, content })
    }
    return new Map([...newest].sort().map(([key, { content }]) => [key, content]))
  }
}

type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never

function happen(reading: Reading, what: Happening): void {
  const { driver } = reading
  if (!('kind' in what)) return
  if ('frames' in what) reading.read(what.partition, what.frames)
  else if (what.kind === 'pass' && 'milliseconds' in what) driver.pass(what.milliseconds)
  else if (what.kind === 'quiet' && 'milliseconds' in what) driver.passAnswered(what.milliseconds)
  else if ('milliseconds' in what) {
    if (what.kind === 'jump') driver.now += what.milliseconds
    else driver.wall += what.milliseconds
    driver.tick()
  } else if ('behind' in what) {
    if (!driver.effects.some(({ kind }) => kind === 'ask-ends')) return
    const behind = what.behind.map((name) => [name, 1e9] as const)
    const silent = what.silent.map((name) => [name, null] as const)
    driver.answer(Object.fromEntries([...behind, ...silent]), what.elapsed)
  } else if ('caughtUp' in what) {
    if (driver.core.assigned.has(what.partition)) driver.setState(what.partition, { caughtUp: what.caughtUp })
  } else if ('partition' in what) {
    const isAssigned = driver.core.assigned.has(what.partition)
    if (what.kind === 'revoke' && isAssigned) driver.revoke(what.partition)
    if (what.kind === 'assign' && !isAssigned) driver.assign(what.partition)
  } else driver.send({ kind: 'request-failed', reason: 'test' })
}

test('whatever happens and whatever the clocks do, the highest revisions and sums are those of one undisturbed pass', () => {
  let idle = 0
  let corrected = 0
  fc.assert(
    fc.property(
      fc.tuple(log, log, log),
      fc.array(happening, { maxLength: 40 }),
      flags,
      (logs, happenings, words) => {
        const [undisturbed, disturbed] = [new Reading(logs, words), new Reading(logs, words)]
        undisturbed.finish()
        for (const what of happenings) happen(disturbed, what)
        disturbed.finish()
        expect(disturbed.newest()).toEqual(undisturbed.newest())
        expect(disturbed.driver.figures.sums).toEqual(undisturbed.driver.figures.sums)
        expect(disturbed.driver.unfinished).toBe(0)
        if (disturbed.driver.effects.some(({ kind }) => kind === 'ask-ends')) idle++
        if (disturbed.driver.results.some(({ pane }) => pane === 'corrected')) corrected++
      },
    ),
    { numRuns: 200 },
  )
  // The happenings are such that all of it happens.
  expect(idle).toBeGreaterThan(0)
  expect(corrected).toBeGreaterThan(0)
})
