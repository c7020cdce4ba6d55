import { realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { ExitCode, ExitError } from '../exit.js'
import type { Settings } from './settings.js'

/**
 * Refuses a run in which one file stands for two things, so that writing an output destroys no input.
 *
 * @throws ExitError (64) naming both
 */
export function refuseSharedPaths({ values, files }: Settings): void {
  const problems: string[] = []
  const uses = new Map<string, string>()
  for (const file of files) if (file !== '-') uses.set(identity(file), `the input ${file}`)
  for (const name of ['rejects-file', 'late-file', 'summary'] as const) {
    const file = values[name]
    // A device such as /dev/null takes anything any number of times.
    if (file === null || identity(file).startsWith('/dev/')) continue
    const other = uses.get(identity(file))
    if (other !== undefined) problems.push(`--${name} ${file} is also ${other}: name another file`)
    uses.set(identity(file), `--${name}`)
  }
  if (problems.length > 0) throw new ExitError(ExitCode.usage, problems)
}

/** The path without links; of a file that is not there yet, that of its folder. */
function identity(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    try {
      return join(realpathSync(dirname(file)), basename(file))
    } catch {
      return file
    }
  }
}
