import { fstatSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { ExitCode, ExitError } from '@card/app-kit'
import type { Settings } from './settings.js'

/**
 * Refuses a run in which one file stands for two things, so that writing an output destroys no input and no run reads
 * what it writes. Files are told apart by what they are, not by their names: links and redirections count, too.
 *
 * @param running whether stdin and stdout are those of the run
 * @throws ExitError (64) naming both
 */
export function refuseSharedPaths({ values, files }: Settings, running: boolean): void {
  const problems: string[] = []
  const inputs = new Map<string, string>()
  for (const file of files) {
    if (file !== '-') note(inputs, identity(file), `the input ${file}`)
    else if (running) note(inputs, identityOf(0), 'the input (stdin)')
  }
  const outputs = new Map(inputs)
  const printed = values['out-topic'] === null || values.print
  if (running && printed) {
    const stdout = identityOf(1)
    const input = stdout === null ? undefined : inputs.get(stdout)
    if (input !== undefined)
      problems.push(`stdout is also ${input}: the results would be read as frames, name another file`)
    note(outputs, stdout, 'stdout')
  }
  for (const name of ['rejects-file', 'late-file', 'summary'] as const) {
    const file = values[name]
    if (file === null) continue
    const id = identity(file)
    const other = id === null ? undefined : outputs.get(id)
    if (other !== undefined) problems.push(`--${name} ${file} is also ${other}: name another file`)
    note(outputs, id, `--${name}`)
  }
  if (problems.length > 0) throw new ExitError(ExitCode.usage, problems)
}

function note(uses: Map<string, string>, id: string | null, use: string): void {
  if (id !== null && !uses.has(id)) uses.set(id, use)
}

/**
 * What a path leads to; of a file that is not there yet, its folder and name. Null: a device such as /dev/null, which
 * takes anything any number of times.
 */
function identity(file: string): string | null {
  try {
    const status = statSync(file, { bigint: true })
    return status.isFile() || status.isFIFO() ? `${status.dev} ${status.ino}` : null
  } catch {
    try {
      return join(realpathSync(dirname(file)), basename(file))
    } catch {
      return file
    }
  }
}

/** The regular file that a descriptor was redirected to or from, or null. */
function identityOf(descriptor: number): string | null {
  // As big integers also because of Node 20.20, which after another stat of a pipe finds no module behind a symbolic
  // link any more: its realpath looks at the last stat that was not asked for in them.
  const status = fstatSync(descriptor, { bigint: true })
  return status.isFile() ? `${status.dev} ${status.ino}` : null
}
