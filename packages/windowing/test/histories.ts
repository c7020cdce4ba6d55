import fc from 'fast-check'
import { WindowEngine, type WindowEngineOptions } from '../src/index.js'
import type { Driver, PartitionCall, TestEvent, TestInput } from './drive.js'
import type { ModelOptions } from './model.js'
import { userSets } from './user-set.js'

const infinite = Number.POSITIVE_INFINITY

const plans = [
  { sizes: [{ name: '10', length: 10 }], views: [], base: 10 },
  {
    sizes: [10, 30, 60].map((length) => ({ name: `${length}`, length })),
    // Of a size that is published, and of one that is not.
    views: [
      { name: 'last 3', length: 10, count: 3 },
      { name: 'last 2', length: 20, count: 2 },
    ],
    base: 10,
  },
  {
    sizes: [4, 10].map((length) => ({ name: `${length}`, length })),
    views: [{ name: 'last 5', length: 4, count: 5 }],
    base: 2,
  },
]
const calls: PartitionCall['call'][] = [
  'active',
  'endPartition',
  'flushHeld',
  'flushHeld',
  'removePartition',
  'early',
  'early',
]

/** A random history of events and the settings it runs under. */
export interface History {
  options: ModelOptions
  flush: boolean
  input: TestInput[]
}

/** Histories with disorder, gaps, strays into the future, group limits, and partitions that fall silent, end, come and go. */
export const histories: fc.Arbitrary<History> = fc
  .record({
    plan: fc.constantFrom(...plans),
    partitions: fc.integer({ min: 1, max: 3 }),
    outOfOrderness: fc.constantFrom(0, 3, 15),
    lateness: fc.constantFrom(0, 5, 25, 100),
    ahead: fc.constantFrom(infinite, 20, 60),
    beyond: fc.constantFrom(0, 40, 200),
    maxGroups: fc.constantFrom(infinite, infinite, 1, 2),
    overflowGroup: fc.constantFrom<'reject' | number>('reject', 'reject', 9),
    flush: fc.boolean(),
    steps: fc.array(
      fc.record({
        p: fc.nat({ max: 2 }),
        step: fc.oneof(
          { weight: 8, arbitrary: fc.integer({ min: -3, max: 8 }) },
          fc.integer({ min: -40, max: 40 }),
          fc.integer({ min: 100, max: 1000 }),
        ),
        stray: fc.boolean(),
        call: fc.oneof(
          { weight: 24, arbitrary: fc.constant(undefined) },
          { weight: 2, arbitrary: fc.constant('idle' as const) },
          fc.constantFrom(...calls),
        ),
        user: fc.nat({ max: 4 }),
        group: fc.nat({ max: 3 }),
      }),
      { maxLength: 60 },
    ),
  })
  .map(({ plan, partitions, ahead, beyond, flush, steps, ...rest }) => {
    const now = [0, 0, 0]
    const known = new Set([0, 1, 2].slice(0, partitions))
    const input = steps.flatMap(({ p, step, stray, call, user, group }): TestInput[] => {
      const partition = p % partitions
      const added: TestInput[] = known.has(partition) ? [] : [{ call: 'addPartition', partition }]
      known.add(partition)
      if (call === 'removePartition') known.delete(partition)
      if (call !== undefined) return [...added, { call, partition }]
      const t = now[partition]! + step
      if (!stray || Math.abs(step) < 10) now[partition] = t
      return [...added, { p: partition, t, user, group }]
    })
    const maxAhead = Math.max(ahead, rest.outOfOrderness)
    const horizon = maxAhead + beyond
    return { options: { ...plan, ...rest, partitions, maxAhead, horizon }, flush, input }
  })

/** The settings of a history as the engine takes them. */
export function engineOptions(options: ModelOptions): WindowEngineOptions<Set<number>> {
  return {
    sizes: options.sizes,
    aggregate: userSets,
    partitions: [0, 1, 2].slice(0, options.partitions),
    outOfOrderness: options.outOfOrderness,
    allowedLateness: options.lateness,
    maxAhead: options.maxAhead,
    horizon: options.horizon,
    maxGroups: options.maxGroups,
    overflowGroup: options.overflowGroup,
    rolling: options.views.map(({ name, length, count }) => ({
      name,
      every: { name: 'step', length },
      count,
    })),
  }
}

/** The engine for the settings of a history. */
export function engineOf(options: ModelOptions, more: Partial<WindowEngineOptions<Set<number>>> = {}) {
  return new WindowEngine({ ...engineOptions(options), ...more })
}

/**
 * Drives an engine through a history; neighbouring events of one partition are one batch, cut where `cut` says.
 *
 * @param between called before each input
 */
export function run(
  driver: Driver,
  { input, flush }: Pick<History, 'input' | 'flush'>,
  cut: (index: number) => boolean = () => false,
  between: (index: number) => void = () => {},
): Driver {
  let batch: TestEvent[] = []
  const push = () => {
    if (batch.length > 0) driver.push(batch)
    batch = []
  }
  input.forEach((item, index) => {
    if (cut(index) || 'call' in item || item.p !== batch[0]?.p) {
      push()
      between(index)
    }
    if ('call' in item) driver.call(item.call, item.partition)
    else batch.push(item)
  })
  push()
  if (flush) driver.flush()
  return driver
}
