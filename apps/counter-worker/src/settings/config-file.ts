import { readFileSync } from 'node:fs'
import { messageOf } from '../exit.js'
import { loadPackage } from '../load-package.js'
import { nearest } from './nearest.js'
import { type OptionName, optionNames } from './option-table.js'

/** What a configuration file says: the texts of settings, and the input files. */
export interface ConfigFile {
  readonly path: string
  readonly texts: ReadonlyMap<OptionName, string>
  readonly files: readonly string[] | null
  /** Everything that is wrong with the file itself, a line each. */
  readonly problems: readonly string[]
}

/**
 * Reads a YAML or JSON file whose keys are the names of flags without dashes, and `files`, a list of inputs.
 * Lists are taken as if joined by commas. Its problems: that it cannot be read, every key that is unknown, every value
 * that is not a scalar or a list of them.
 */
export function readConfigFile(path: string): ConfigFile {
  const texts = new Map<OptionName, string>()
  const problems: string[] = []
  const content = parsed(path, problems)
  if (content === null) return { path, texts, files: null, problems }
  if (typeof content !== 'object' || Array.isArray(content)) {
    problems.push(`${path}: expected keys and values, such as "windows: 1m,1h"`)
    return { path, texts, files: null, problems }
  }
  let files: readonly string[] | null = null
  for (const [key, value] of Object.entries(content)) {
    if (key === 'files') {
      if (Array.isArray(value) && value.every((file) => typeof file === 'string')) files = value
      else problems.push(`${path}: files: expected a list of paths`)
    } else if (!(optionNames as readonly string[]).includes(key)) {
      problems.push(`${path}: unknown key "${key}"${nearest(key, [...optionNames, 'files'])}`)
    } else {
      const text = textOf(value)
      if (text === null)
        problems.push(`${path}: ${key}: expected a text, a number, true, false, or a list of them`)
      else texts.set(key as OptionName, text)
    }
  }
  return { path, texts, files, problems }
}

/** The content of the file; null: it is empty, or there is a problem. */
function parsed(path: string, problems: string[]): unknown {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    problems.push(`--config ${path}: ${messageOf(error)}`)
    return null
  }
  const { parse } = loadPackage('yaml') as typeof import('yaml')
  try {
    // The core schema without dates; "off", "no" and "1d" stay texts, as YAML 1.2 reads them.
    return parse(text, { maxAliasCount: 0 })
  } catch (error) {
    problems.push(`${path}: not YAML or JSON: ${messageOf(error).split('\n')[0]}`)
    return null
  }
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (!Array.isArray(value)) return null
  const texts = value.map((item) => (Array.isArray(item) ? null : textOf(item)))
  return texts.includes(null) ? null : texts.join(',')
}
