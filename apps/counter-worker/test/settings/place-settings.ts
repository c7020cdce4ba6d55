import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ExitError, readCommandLine, variableOf } from '@card/app-kit'
import { temporaryFolder } from '@card/testing/temporary-folder'
import { program } from '../../src/settings/program.js'
import { readSettings, type Settings } from '../../src/settings/settings.js'

/** Where the configuration files are. */
export const folder = temporaryFolder('settings')

/** Writes a configuration file and returns its path. */
export function configFile(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** What the program makes of a command line and an environment. */
export function settings(words: readonly string[], environment: Record<string, string> = {}): Settings {
  const invocation = readCommandLine(program, words)
  if (invocation === null) throw new Error('expected an invocation')
  return readSettings(invocation.given, environment)
}

/** The error that a command line and an environment are refused with. */
export function refusal(words: readonly string[], environment: Record<string, string> = {}): ExitError {
  try {
    settings(words, environment)
  } catch (error) {
    if (error instanceof ExitError) return error
    throw error
  }
  throw new Error('expected a refusal')
}

/** Settings by source, each `name=value`; `files=a.jsonl` is an input file. */
export interface Placed {
  readonly flag?: readonly string[]
  readonly variable?: readonly string[]
  readonly file?: readonly string[]
}

let filesMade = 0

/** The command line and the environment that give each setting by its source. */
export function place({ flag = [], variable = [], file = [] }: Placed): [string[], Record<string, string>] {
  const words = flag.map((text) =>
    text.startsWith('files=') ? text.slice(6) : `--${text.replace(/=true$/, '')}`,
  )
  const environment = Object.fromEntries(
    variable.map((text) => {
      const [name, value] = parts(text)
      return [variableOf('CARD_', name), value]
    }),
  )
  if (file.length > 0) {
    const content = Object.fromEntries(
      file.map((text) => {
        const [name, value] = parts(text)
        return [name, name === 'files' ? [value] : value]
      }),
    )
    words.push('--config', configFile(`placed-${filesMade++}.json`, JSON.stringify(content)))
  }
  return [words, environment]
}

function parts(text: string): [name: string, value: string] {
  const at = text.indexOf('=')
  return [text.slice(0, at), text.slice(at + 1)]
}
