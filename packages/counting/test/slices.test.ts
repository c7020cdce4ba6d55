import { GroupTable } from '@card/frames'
import { describe, expect, it } from 'vitest'
import {
  type CountingOptions,
  createCounting,
  Merger,
  type Partial,
  PartitionCounter,
  writeBlocksInSteps,
} from '../src/index.js'
import { batchOf, begin } from './logs.js'
import { options } from './truth.js'

const manyGroups = 40_000
const always = Number.POSITIVE_INFINITY
const config: CountingOptions = options({
  counter: { estimator: 'auto', exactLimit: 65_536, precision: 14 },
  windows: [
    { name: '1m', length: 60_000 },
    { name: '5m', length: 300_000 },
    { name: '1h', length: 3_600_000 },
  ],
  rolling: [],
  sketchPrecision: null,
  parts: { whole: 2048, part: 32_768 },
})
const wanted = { rejected: false, late: false }
const oneFrameEach = Array.from({ length: manyGroups }, (_, i) => {
  return { time: begin + (i % 60), user: i, group: 1 + i, status: 0 }
})

/** CPU ms of a piece of work: unlike its wall time it hardly depends on what else the machine does. */
function cpuOf(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** CPU ms of the steps, the longest first, until `step` returns false. */
function stepsOf(step: () => boolean): number[] {
  const steps: number[] = []
  for (let more = true; more; ) {
    const cost = cpuOf(() => {
      more = step()
    })
    steps.push(cost)
  }
  return steps.sort((a, b) => b - a)
}

/** CPU ms of putting all groups in order at once, on this machine as it is now. */
function orderAtOnce(groups: GroupTable): number {
  const ids = oneFrameEach.map((_, i) => groups.id(`group ${1 + ((i * 7919) % manyGroups)}`))
  return cpuOf(() => ids.sort((a, b) => groups.compare(a, b)))
}

// Work done in one go takes several times as long as ordering all groups, a slice a fraction of that.
// The heap of so many groups is collected now and then, which no slicing avoids: the three longest are left out.
const typicallyLongest = (steps: readonly number[]) => steps[3]!

describe('work on many groups', () => {
  it.each([
    ['one partition', ['t/0']],
    ['two partitions', ['t/0', 't/1']],
  ])('is done in short slices by a processing-time flush of %s', (_, names) => {
    const groups = new GroupTable()
    const counting = createCounting(config, groups, wanted, { names, fixed: true })
    for (const name of names) {
      const batch = batchOf(oneFrameEach, 0, groups, name)
      for (let row = 0; row < batch.columns.rows; ) row = counting.consume(name, batch, row)
    }
    const steps = stepsOf(() => {
      const { more } = counting.announce(always, 500)
      counting.takeStep()
      return more
    })
    expect(counting.sums.published.final).toBe(3 * manyGroups)
    expect(typicallyLongest(steps)).toBeLessThan(2 * orderAtOnce(groups))
  })

  // Work is counted here: states made into bytes between two pauses.
  it.each([
    ['one user each', 1, 5000, 512],
    ['hundreds of users each', 300, 100, 40],
  ])('is done in short slices when a partition sends groups of %s', (_, users, many, mostAtOnce) => {
    const groups = new GroupTable()
    const frames = oneFrameEach.slice(0, many)
    const counters = [1, 2].map(() => {
      const counter = new PartitionCounter(config, groups, { partition: 't/0', incarnation: 0 }, wanted)
      for (let user = 0; user < users; user++) {
        const more = frames.map((frame) => ({ ...frame, user: frame.user * users + user }))
        counter.consume(batchOf(more, 0, groups), frames.length * (user + 1))
      }
      return counter
    })
    const [atOnce, sliced] = counters as [PartitionCounter, PartitionCounter]
    const partials: Partial[] = []
    let longest = 0
    for (const _ of sliced.sendInSteps()) {
      const sent = sliced.takeStep().partials
      longest = Math.max(longest, sent.length)
      partials.push(...sent)
    }
    partials.push(...sliced.takeStep().partials)
    expect(longest).toBeGreaterThan(0)
    expect(longest).toBeLessThanOrEqual(mostAtOnce)
    atOnce.send()
    expect(partials).toEqual(atOnce.takeStep().partials)
    expect(partials).toHaveLength(frames.length)
    sliced.idle()
    expect(sliced.takeStep().partials).toEqual([])
  })

  it('loses nothing that comes between two slices', () => {
    const groups = new GroupTable()
    const counter = new PartitionCounter(config, groups, { partition: 't/0', incarnation: 0 }, wanted)
    counter.consume(batchOf(oneFrameEach, 0, groups), manyGroups)
    let events = 0
    const take = () => {
      for (const { added } of counter.takeStep().partials) events += added
    }
    let at = manyGroups
    for (const _ of counter.sendInSteps()) {
      take()
      const from = at % manyGroups
      const more = oneFrameEach.slice(from, from + 10)
      counter.consume(batchOf(more, at, groups), at + more.length)
      at += more.length
    }
    counter.end()
    take()
    expect(events).toBe(at)
    expect(at).toBeGreaterThan(manyGroups)
  })

  it('is done in short slices when blocks are written', () => {
    const groups = new GroupTable()
    const durable = { ...config, durable: true }
    const counter = new PartitionCounter(durable, groups, { partition: 't/0', incarnation: 0 }, wanted)
    counter.consume(batchOf(oneFrameEach, 0, groups), manyGroups)
    counter.send()
    const { partials, progress } = counter.takeStep()
    const merger = new Merger(durable, groups)
    for (const partial of partials) merger.absorb(progress, progress.upTo, partial)
    merger.announce(always)
    const { changes } = merger.takeStep().save!
    const blocks = writeBlocksInSteps(changes, groups)
    let written = 0
    const steps = stepsOf(() => {
      const { done, value } = blocks.next()
      if (value !== undefined) written++
      return done !== true
    })
    changes.ack()
    expect(written).toBeGreaterThan(10)
    expect(steps.length).toBeGreaterThan(3 * written)
    expect(typicallyLongest(steps)).toBeLessThan(2 * orderAtOnce(groups))
  })
})
