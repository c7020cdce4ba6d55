import { type BigIntStats, fstatSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { ProducerError } from '../errors.js'

/**
 * Refuses frames and truth that would be written over each other, whatever the names of the file.
 *
 * @param out undefined: stdout
 * @throws ProducerError `usage`
 */
export function refuseSameFile(out: string | undefined, truth: string): void {
  const frames = out === undefined ? identityOf(fstatSync(1, { bigint: true })) : identity(out)
  if (frames === null || frames !== identity(truth)) return
  const name = out === undefined ? 'stdout' : '--out'
  throw new ProducerError('usage', `${name} and --truth: expected two different files, found the same`)
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
