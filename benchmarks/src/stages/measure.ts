import { median } from '../report/performance-page.js'

/** A stage that is run by itself over the same frames again and again. */
export interface Stage {
  readonly name: string
  /** Does the work once. */
  readonly run: () => void
}

/** Shorter than this and the clock, the collector and the compiler weigh more than the stage. */
const leastRound = 100e6

/**
 * CPU nanoseconds of one run of each stage, all threads of the engine included: medians of rounds in which the stages
 * come in turn, so that a slow moment of the machine falls on all. In a round a stage is run until it lasted 0.1 s.
 */
export function measureStages(stages: readonly Stage[], rounds: number): Map<string, number> {
  const taken = new Map(stages.map(({ name }): [string, number[]] => [name, []]))
  // The first round only warms up.
  for (let round = -1; round < rounds; round++) {
    for (const { name, run } of stages) {
      globalThis.gc?.()
      let spent = 0
      let runs = 0
      for (; spent < leastRound; runs++) spent += cpuOf(run)
      if (round >= 0) taken.get(name)!.push(spent / runs)
    }
  }
  return new Map([...taken].map(([name, times]) => [name, median(times)]))
}

function cpuOf(run: () => void): number {
  const before = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) * 1000
}
