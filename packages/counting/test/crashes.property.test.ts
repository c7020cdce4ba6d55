import { GroupTable } from '@card/frames'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CountingOptions } from '../src/index.js'
import type { Delivery } from './checkpoint-log.js'
import { type Defect, Deployment, type StepEnd } from './deployment.js'
import { begin, type Frame, logs } from './logs.js'
import { options, truth } from './truth.js'

type Action = (to: Deployment) => void

const ends = fc.constantFrom<StepEnd>('commit', 'commit', 'commit', 'abort', 'commit-and-die', 'retry')
const p = fc.nat({ max: 2 })
const frames = fc.nat({ max: 15 })
const until = fc.nat({ max: 1_200_000 }).map((t) => begin + t)
const limit = fc.constantFrom(1, 3, 1000)
const actions: fc.Arbitrary<Action[]> = fc.array(
  fc.oneof(
    fc.tuple(p, frames).map(
      ([p, frames]): Action =>
        (to) =>
          to.counter(p).count(frames),
    ),
    fc.tuple(p, frames, ends).map(
      ([p, frames, end]): Action =>
        (to) =>
          to.counter(p).flow(frames, end),
    ),
    ends.map(
      (end): Action =>
        (to) =>
          to.merging.flow(end),
    ),
    fc.tuple(p, ends).map(
      ([p, end]): Action =>
        (to) =>
          to.counter(p).step(end),
    ),
    p.map(
      (p): Action =>
        (to) =>
          to.counter(p).send(),
    ),
    p.map(
      (p): Action =>
        (to) =>
          to.counter(p).crash(),
    ),
    frames.map(
      (entries): Action =>
        (to) =>
          to.merging.read(entries),
    ),
    ends.map(
      (end): Action =>
        (to) =>
          to.merging.step(end),
    ),
    fc.constant<Action>((to) => to.merging.early()),
    fc.constant<Action>((to) => to.merging.crash()),
    fc.tuple(until, limit).map(
      ([until, limit]): Action =>
        (to) =>
          to.merging.announce(until, limit),
    ),
  ),
  { maxLength: 60 },
)

function disturbed(
  all: readonly Action[],
  config: CountingOptions,
  inputs: readonly Frame[][],
  defect: Defect = 'none',
  delivery: Delivery = 'exactly-once',
) {
  const deployment = new Deployment(config, inputs, defect, delivery)
  for (const action of all) action(deployment)
  deployment.finish()
  return deployment
}

const configs = fc.record({
  lateness: fc.constantFrom(0, 0, 90_000),
  totals: fc.boolean(),
  maxGroups: fc.constantFrom(1, Number.POSITIVE_INFINITY),
  groupOverflow: fc.constantFrom('other' as const, 'reject' as const),
})
const inputs = fc.array(logs({ flips: false }), { minLength: 1, maxLength: 3 })
const flipped = fc.array(logs({ flips: true }), { minLength: 1, maxLength: 2 })

/** Which frames an input counts, and what they come to in each size: a recount that shares nothing with the code. */
function recount(logsOf: readonly Frame[][], { outOfOrder, lateness }: CountingOptions) {
  const found = new Map<string, { events: number; users: Set<number> }>()
  const late: string[] = []
  logsOf.forEach((log, partition) => {
    let newest = Number.NEGATIVE_INFINITY
    log.forEach(({ time, user, group, status }, offset) => {
      if (status !== 0) return
      const end = (Math.floor(time / 60_000) + 1) * 60_000
      if (end - 1 + lateness <= newest - outOfOrder - 1) {
        late.push(`t/${partition} ${offset} late`)
        return
      }
      newest = Math.max(newest, time)
      for (const [name, length] of [
        ['1m', 60_000],
        ['5m', 300_000],
      ] as const) {
        const start = Math.floor(time / length) * length
        const key = JSON.stringify([name, start, group === 0 ? null : `group ${group}`, false])
        const window = found.get(key) ?? { events: 0, users: new Set() }
        window.events++
        window.users.add(user)
        found.set(key, window)
      }
    })
  })
  return { found, late: late.sort() }
}

describe('counters and a merger', () => {
  it('come to the recount of their inputs, whatever is read, saved, lost or restarted between', () => {
    fc.assert(
      fc.property(inputs, actions, fc.constantFrom(0, 90_000), (logsOf, all, lateness) => {
        const config = options({ counter: { estimator: 'exact' }, lateness, rolling: [] })
        const { contents, refused, closed } = truth(disturbed(all, config, logsOf))
        const { found, late } = recount(logsOf, config)
        expect(contents.map(([key, events, count]) => [key, events, count])).toEqual(
          [...found]
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, { events, users }]) => [key, events, users.size]),
        )
        expect(
          refused.filter((row) => row.includes('late')).map((row) => row.replace(/late .*/, 'late')),
        ).toEqual(late)
        expect(closed).toBe(0)
      }),
      { numRuns: 300 },
    )
  })

  it('come to the same as one undisturbed pass, with sketches, rolling views, totals and a cap on groups', () => {
    fc.assert(
      fc.property(inputs, actions, configs, (logsOf, all, config) => {
        expect(truth(disturbed(all, options(config), logsOf))).toEqual(
          truth(disturbed([], options(config), logsOf)),
        )
      }),
      { numRuns: 300 },
    )
  })

  it('come to the same with frames in the far-future guard', () => {
    fc.assert(
      fc.property(flipped, actions, (logsOf, all) => {
        const config = options({ maxAhead: 5_000 })
        expect(truth(disturbed(all, config, logsOf))).toEqual(truth(disturbed([], config, logsOf)))
      }),
      { numRuns: 300 },
    )
  })

  it('come to the same without transactions, each process writing under keys of its own', () => {
    fc.assert(
      fc.property(inputs, actions, configs, (logsOf, all, config) => {
        const found = truth(disturbed(all, options(config), logsOf, 'none', 'at-least-once'))
        expect(found).toEqual(truth(disturbed([], options(config), logsOf)))
      }),
      { numRuns: 200 },
    )
  })

  it('publish exactly the highest revisions that their sums tell of', () => {
    fc.assert(
      fc.property(inputs, actions, (logsOf, all) => {
        const deployment = disturbed(all, options(), logsOf)
        const { windows, early, final, corrected } = deployment.sums.published
        expect(windows).toBe(truth(deployment).windows)
        expect(early + final + corrected).toBe(deployment.results.length)
      }),
      { numRuns: 100 },
    )
  })
})

describe('the harness', () => {
  const caught = (
    defect: Defect,
    logsArb: fc.Arbitrary<Frame[][]>,
    config: CountingOptions,
    delivery: Delivery = 'exactly-once',
  ) => {
    const { failed } = fc.check(
      fc.property(logsArb, actions, (logsOf, all) => {
        expect(truth(disturbed(all, config, logsOf, defect, delivery))).toEqual(
          truth(disturbed([], config, logsOf)),
        )
      }),
      { numRuns: 400, endOnFailure: true, seed: 1 },
    )
    return failed
  }

  it.each<[Defect, boolean]>([
    ['saved-before-commit', false],
    ['revisions-left-out', false],
    ['announced-left-out', false],
    ['held-frames-left-out', true],
  ])('catches %s', (defect, flips) => {
    const config = flips ? options({ maxAhead: 5_000 }) : options({ lateness: 90_000 })
    expect(caught(defect, flips ? flipped : inputs, config)).toBe(true)
  })

  it('catches slots-reused-early where no transaction takes a failed step back', () => {
    const log = Array.from({ length: 12 }, (_, i) => ({ time: begin + i, user: i, group: 0, status: 0 }))
    const play = (defect: Defect) => {
      const deployment = new Deployment(options(), [log], defect, 'at-least-once')
      const counter = deployment.counter(0)
      // What the second step gives up, the third one overwrites, though the first one is the last that was committed.
      for (const end of ['commit', 'retry', 'abort'] as const) {
        counter.count(4)
        counter.step(end)
      }
      return deployment
    }
    expect(() => play('none')).not.toThrow()
    expect(() => play('slots-reused-early')).toThrow(expect.objectContaining({ code: 'corrupt-state' }))
  })

  it('finds nothing where partials come twice, which changes nothing', () => {
    expect(caught('partials-twice', inputs, options({ lateness: 90_000 }))).toBe(false)
  })
})

it('groups of one process are those of another by their bytes', () => {
  const [a, b] = [new GroupTable(), new GroupTable()]
  b.id('other')
  expect(a.id('x')).not.toBe(b.id('x'))
})
