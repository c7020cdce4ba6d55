import type { Counting } from '@card/counting'
import type { Effects } from './effects.js'

/** Results of one slice of work: so few that they die young, and take some milliseconds at most. */
export const resultsAtOnce = 256

/** Writes everything that has come of counting, results some hundreds at a time. */
export function* writeSteps(counting: Pick<Counting, 'takeStep'>): Effects {
  for (;;) {
    const step = counting.takeStep(resultsAtOnce)
    const { results, refused, warnings, more } = step
    if (results.length + refused.length + warnings.length > 0) yield { kind: 'write', step }
    if (!more) return
  }
}
