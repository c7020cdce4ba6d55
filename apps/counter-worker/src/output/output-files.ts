import { ExitCode, ExitError } from '@card/app-kit'
import type { OptionValues } from '../settings/option-table.js'
import { RefusedLineFile } from './refused-lines.js'
import { whyUnwritable } from './writable.js'

/** The files that a run writes while it reads; null: not asked for. */
export interface OutputFiles {
  readonly rejects: RefusedLineFile | null
  readonly late: RefusedLineFile | null
}

/**
 * Opens the files of refused lines. A long run whose sums have no place is not begun either.
 *
 * @throws ExitError (1) when a file cannot be created, or the summary could not be written at the end
 */
export function openOutputFiles(values: OptionValues): OutputFiles {
  const { 'rejects-file': rejects, 'late-file': late, summary } = values
  const why = summary === null ? null : whyUnwritable(summary)
  if (why !== null) throw new ExitError(ExitCode.failed, [`cannot write ${summary}: ${why}`])
  return {
    rejects: rejects === null ? null : new RefusedLineFile(rejects, 'reason'),
    late: late === null ? null : new RefusedLineFile(late, 'action'),
  }
}
