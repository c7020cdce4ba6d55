import { readFileSync } from 'node:fs'
import { ExitCode, ExitError, messageOf } from '../exit.js'
import { loadPackage } from '../load-package.js'
import { type OptionName, optionNames } from './option-table.js'

/** What a configuration file says: the texts of settings, and the input files. */
export interface ConfigFile {
  readonly path: string
  readonly texts: ReadonlyMap<OptionName, string>
  readonly files: readonly string[] | null
}

/**
 * Reads a YAML or JSON file whose keys are the names of flags without dashes, and `files`, a list of inputs.
 * Lists are taken as if joined by commas.
 *
 * @throws ExitError (78) listing every key that is unknown and every value that is not a scalar or a list of them
 */
export function readConfigFile(path: string): ConfigFile {
  const content = parsed(path)
  if (content === null) return { path, texts: new Map(), files: null }
  if (typeof content !== 'object' || Array.isArray(content)) {
    throw new ExitError(ExitCode.configuration, [
      `${path}: expected keys and values, such as "windows: 1m,1h"`,
    ])
  }
  const problems: string[] = []
  const texts = new Map<OptionName, string>()
  let files: readonly string[] | null = null
  for (const [key, value] of Object.entries(content)) {
    if (key === 'files') {
      if (Array.isArray(value) && value.every((file) => typeof file === 'string')) files = value
      else problems.push(`${path}: files: expected a list of paths`)
    } else if (!(optionNames as readonly string[]).includes(key)) {
      problems.push(`${path}: unknown key "${key}"${nearest(key)}`)
    } else {
      const text = textOf(value)
      if (text === null)
        problems.push(`${path}: ${key}: expected a text, a number, true, false, or a list of them`)
      else texts.set(key as OptionName, text)
    }
  }
  if (problems.length > 0) throw new ExitError(ExitCode.configuration, problems)
  return { path, texts, files }
}

function parsed(path: string): unknown {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new ExitError(ExitCode.configuration, [`--config ${path}: ${messageOf(error)}`])
  }
  const { parse } = loadPackage('yaml') as typeof import('yaml')
  try {
    // The core schema without dates; "off", "no" and "1d" stay texts, as YAML 1.2 reads them.
    return parse(text, { maxAliasCount: 0 })
  } catch (error) {
    throw new ExitError(ExitCode.configuration, [
      `${path}: not YAML or JSON: ${messageOf(error).split('\n')[0]}`,
    ])
  }
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (!Array.isArray(value)) return null
  const texts = value.map((item) => (Array.isArray(item) ? null : textOf(item)))
  return texts.includes(null) ? null : texts.join(',')
}

/** ` (did you mean "x"?)` when a known name is one or two edits away. */
export function nearest(name: string): string {
  const close = optionNames.find((known) => distance(known, name) <= 2)
  return close === undefined ? '' : ` (did you mean "${close}"?)`
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[b.length]!
}
