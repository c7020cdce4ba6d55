import { GroupTable } from '@card/frames'
import { describe, expect, it } from 'vitest'
import {
  type CountingOptions,
  createCounting,
  Merger,
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
