import fc from 'fast-check'
import { WindowEngine, type WindowEngineOptions } from '../src/index.js'
import type { Driver, TestEvent } from './drive.js'
import type { ModelOptions } from './model.js'
import { userSets } from './user-set.js'

const infinite = Number.POSITIVE_INFINITY

const plans = [
  { sizes: [{ name: '10', length: 10 }], base: 10 },
  { sizes: [10, 30, 60].map((length) => ({ name: `${length}`, length })), base: 10 },
  { sizes: [4, 10].map((length) => ({ name: `${length}`, length })), base: 2 },
]

/** One thing that happens: an event, or a partition declared idle. */
export type TestInput = TestEvent | { idle: number }

/** A random history of events and the settings it runs under. */
export interface History {
  options: ModelOptions
  flush: boolean
  input: TestInput[]
}

/** Histories with disorder, gaps, strays into the future, idle partitions and group limits. */
export const histories: fc.Arbitrary<History> = fc
  .record({
    plan: fc.constantFrom(...plans),
    partitions: fc.integer({ min: 1, max: 3 }),
    outOfOrderness: fc.constantFrom(0, 3, 15),
    lateness: fc.constantFrom(0, 5, 25, 100),
    ahead: fc.constantFrom(infinite, 20, 60),
    maxGroups: fc.constantFrom(infinite, infinite, 1, 2),
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
        idle: fc.integer({ min: 0, max: 19 }).map((n) => n === 0),
        user: fc.nat({ max: 4 }),
        group: fc.nat({ max: 3 }),
      }),
      { maxLength: 60 },
    ),
  })
  .map(({ plan, partitions, outOfOrderness, lateness, ahead, maxGroups, flush, steps }) => {
    const now = [0, 0, 0]
    const input = steps.map(({ p, step, stray, idle, user, group }): TestInput => {
      const partition = p % partitions
      if (idle) return { idle: partition }
      const t = now[partition]! + step
      if (!stray || Math.abs(step) < 10) now[partition] = t
      return { p: partition, t, user, group }
    })
    const maxAhead = Math.max(ahead, outOfOrderness)
    return { options: { ...plan, partitions, outOfOrderness, lateness, maxAhead, maxGroups }, flush, input }
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
    maxGroups: options.maxGroups,
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
    if (cut(index) || 'idle' in item || item.p !== batch[0]?.p) {
      push()
      between(index)
    }
    if ('idle' in item) driver.idle(item.idle)
    else batch.push(item)
  })
  push()
  if (flush) driver.flush()
  return driver
}
