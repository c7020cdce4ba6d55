import { closeSync, openSync, readSync, statSync } from 'node:fs'
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
 *
 * @param by the flag or variable that named the file
 */
export function readConfigFile(path: string, by: string): ConfigFile {
  const texts = new Map<OptionName, string>()
  const problems: string[] = []
  const content = parsed(path, by, problems)
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
function parsed(path: string, by: string, problems: string[]): unknown {
  let text: string
  try {
    text = readText(path)
  } catch (error) {
    problems.push(`${by} ${path}: ${messageOf(error)}`)
    return null
  }
  const { parse } = loadPackage('yaml') as typeof import('yaml')
  try {
    // The core schema without dates; "off", "no" and "1d" stay texts, as YAML 1.2 reads them.
    return parse(text, { maxAliasCount: 0 })
  } catch (error) {
    if ((error as { code?: string }).code === 'MULTIPLE_DOCS') {
      problems.push(`${path}: expected one YAML document, found several: name each setting in the first one`)
      return null
    }
    problems.push(`${path}: not YAML or JSON: ${messageOf(error).split('\n')[0]}`)
    return null
  }
}

/** Bytes of the longest file: thousands of times what all settings need. */
const mostBytes = 2 ** 20

/** @throws Error for what has no end, or a far one: a device, a directory, a file of more than a mebibyte */
function readText(path: string): string {
  const status = statSync(path, { bigint: true })
  if (!status.isFile() && !status.isFIFO()) throw new Error('expected a file or a pipe, found neither')
  const file = openSync(path, 'r')
  try {
    // A pipe, and a file of /proc, say nothing of their size beforehand.
    const bytes = Buffer.alloc(mostBytes + 1)
    let length = 0
    for (let read = -1; read !== 0 && length < bytes.length; length += read) {
      read = readSync(file, bytes, length, bytes.length - length, null)
    }
    if (length > mostBytes) throw new Error('expected at most 1 MiB of settings, found more')
    return bytes.toString('utf8', 0, length)
  } finally {
    closeSync(file)
  }
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (!Array.isArray(value)) return null
  const texts = value.map((item) => (Array.isArray(item) ? null : textOf(item)))
  return texts.includes(null) ? null : texts.join(',')
}
