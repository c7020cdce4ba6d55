import { AdaptiveCounter, type DistinctCounter, ExactCounter, HyperLogLog } from '@card/estimators'
import { type Aggregate, WindowEngine, type WindowSize } from '@card/windowing'
import type { Batch } from './frame-columns.js'
import type { Stage } from './measure.js'

export const windows: readonly WindowSize[] = [
  { name: '1m', length: 60_000 },
  { name: '1h', length: 3_600_000 },
  { name: '1d', unit: 'day' },
]

/** The worker's default settings. */
export const exactLimit = 65_536
export const precision = 14

const counters = {
  exact: () => new ExactCounter(),
  hll: () => new HyperLogLog({ precision }),
  auto: () => new AdaptiveCounter({ exactLimit, precision }),
} satisfies Record<string, () => DistinctCounter>
type Estimator = keyof typeof counters

/** Window states that cost nothing. */
const nothing: Aggregate<null> = {
  create: () => null,
  merge: () => {},
  copy: () => null,
  save: () => null,
  load: () => null,
  measure: () => 0,
}

/** Which window each frame is in, without counting it. */
export function windowing(batches: readonly Batch[]): Stage {
  return {
    name: 'windowing: push',
    run() {
      const engine = new WindowEngine<null>({
        sizes: windows,
        aggregate: nothing,
        partitions: [0],
        outOfOrderness: 5000,
        maxAhead: 5000,
      })
      for (const batch of batches) {
        for (let row = 0; row < batch.rows; ) {
          row = engine.push(0, batch, row, batch.rows)
          if (engine.panesDue) engine.takePanes()
        }
      }
      engine.flush()
      engine.takePanes()
    },
  }
}

/** Adding the hashes of each minute's frames to the minute's counter. */
export function adding(estimator: Estimator, batches: readonly Batch[]): Stage {
  return { name: `estimator: add, ${estimator}`, run: () => void minutesOf(estimator, batches) }
}

/** Joining the minutes to hours and days, and what is said of each window. */
export function results(estimator: Estimator, batches: readonly Batch[]): Stage {
  const minutes = minutesOf(estimator, batches)
  return {
    name: `results of minutes, hours, the day, ${estimator}`,
    run() {
      const hours = new Map<number, DistinctCounter>()
      const day = counters[estimator]()
      for (const [minute, counter] of minutes) {
        const hour = Math.floor(minute / 60)
        if (!hours.has(hour)) hours.set(hour, counters[estimator]())
        hours.get(hour)!.merge(counter)
        resultOf(counter)
      }
      for (const hour of hours.values()) {
        day.merge(hour)
        resultOf(hour)
      }
      resultOf(day)
    },
  }
}

function minutesOf(estimator: Estimator, batches: readonly Batch[]): Map<number, DistinctCounter> {
  const minutes = new Map<number, DistinctCounter>()
  for (const { rows, time, hash } of batches) {
    for (let from = 0; from < rows; ) {
      const minute = Math.floor(time[from]! / 60_000)
      let to = from + 1
      // Frames come in order, so the rows of a minute lie together and their last one tells.
      if (Math.floor(time[rows - 1]! / 60_000) === minute) to = rows
      else while (Math.floor(time[to]! / 60_000) === minute) to++
      let counter = minutes.get(minute)
      if (counter === undefined) {
        counter = counters[estimator]()
        minutes.set(minute, counter)
      }
      counter.addHashes(hash, from, to)
      from = to
    }
  }
  return minutes
}

function resultOf(counter: DistinctCounter): string {
  return JSON.stringify({ count: counter.count(), ...counter.bounds(0.95), estimator: counter.estimator })
}
