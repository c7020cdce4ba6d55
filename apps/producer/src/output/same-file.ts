import { type BigIntStats, fstatSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { ExitCode, ExitError } from '@card/app-kit'

/**
 * Refuses frames and truth that would be written over each other, whatever the names of the file.
 *
 * @param out null: stdout
 * @throws ExitError (64)
 */
export function refuseSameFile(out: string | null, truth: string): void {
  const frames = out === null ? identityOf(fstatSync(1, { bigint: true })) : identity(out)
  if (frames === null || frames !== identity(truth)) return
  const name = out === null ? 'stdout' : '--out'
  throw new ExitError(ExitCode.usage, [`${name} and --truth: expected two different files, found the same`])
}

/** What a path leads to; of a file that is not there yet, its folder and name; null: a device or a pipe. */
function identity(path: string): string | null {
  try {
    return identityOf(statSync(path, { bigint: true }))
  } catch {
    try {
      return join(realpathSync(dirname(path)), basename(path))
    } catch {
      return path
    }
  }
}

function identityOf(status: BigIntStats): string | null {
  return status.isFile() ? `${status.dev} ${status.ino}` : null
}
