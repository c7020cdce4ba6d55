import type { Counting } from '@card/counting'
import type { Effects } from './effects.js'

/** Results of one slice of work: so few that they die young, and take some milliseconds at most. */
export const resultsAtOnce = 256

/** Prepares what partitions have counted for being published, which takes long with many groups. @param partition default all */
export function* handOver(counting: Pick<Counting, 'handOverInSteps'>, partition?: string): Effects {
  for (const _ of counting.handOverInSteps(partition)) yield { kind: 'continue' }
}

/** Writes everything that has come of counting, results some hundreds at a time. */
export function* writeSteps(counting: Pick<Counting, 'takeStep'>): Effects {
  for (;;) {
    const step = counting.takeStep(resultsAtOnce)
    const { results, refused, warnings, more } = step
    if (results.length + refused.length + warnings.length > 0) yield { kind: 'write', step }
    if (!more) return
  }
}
