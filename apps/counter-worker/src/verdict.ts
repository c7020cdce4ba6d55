import { ExitCode, quantity, withCommas } from '@card/app-kit'
import type { Summary } from './output/summary.js'

/** How a run that read its input to the end has done, and why in words where that is not well. */
export interface Verdict {
  readonly code: ExitCode
  readonly problem: string | null
}

/**
 * Whether a run that read its input to the end counted what it was meant to.
 *
 * @param maxRejects percent of the lines that are not blank; null: any
 */
export function verdictOf({ lines, blank, counted, rejected }: Summary, maxRejects: number | null): Verdict {
  const read = lines - blank
  if (read === 0) return { code: ExitCode.done, problem: null }
  const refused = Object.values(rejected).reduce((sum, count) => sum + count, 0)
  if (maxRejects !== null && refused * 100 > maxRejects * read) {
    const percent = Math.floor((refused / read) * 100_000) / 1000
    return {
      code: ExitCode.badData,
      problem: `rejected ${withCommas(refused)} of ${quantity(read, 'line')} (${percent} %), more than --max-rejects ${maxRejects}`,
    }
  }
  if (counted === 0)
    return {
      code: ExitCode.badData,
      problem:
        read === 1 ? 'the only line was not counted' : `none of the ${quantity(read, 'line')} was counted`,
    }
  return { code: ExitCode.done, problem: null }
}
