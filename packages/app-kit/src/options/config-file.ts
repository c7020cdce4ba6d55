import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { messageOf } from '../exit/exit-error.js'
import { loadPackage } from '../load-package.js'
import { keyOf, type OptionTable } from './option.js'
import { didYouMean } from './suggestion.js'

/** What a configuration file gives. */
export interface ConfigFile {
  readonly path: string
  /** Texts of options by their names; null: the value is not a text, a number, true, false, or a list of them. */
  readonly texts: ReadonlyMap<string, string | null>
  /** The list under `files`: the input files. */
  readonly operands: readonly string[] | null
  /** Everything that is wrong with the file itself, a line each. */
  readonly problems: readonly string[]
}

/**
 * Reads a YAML or JSON file whose keys are the names of flags without dashes, and `files`, a list of inputs.
 * Lists are taken as if joined by commas.
 *
 * @param by the flag or variable that names the file
 */
export function readConfigFile(path: string, by: string, options: OptionTable): ConfigFile {
  const texts = new Map<string, string | null>()
  const problems: string[] = []
  let operands: readonly string[] | null = null
  const content = parsed(path, by, problems)
  const names = new Map(Object.keys(options).map((name) => [keyOf(name), name]))
  if (content !== null && (typeof content !== 'object' || Array.isArray(content))) {
    problems.push(`${path}: expected keys and values, such as "windows: 1m,1h"`)
  } else {
    for (const [key, value] of Object.entries(content ?? {})) {
      const name = names.get(key)
      if (key === 'files') {
        if (Array.isArray(value) && value.every((file) => typeof file === 'string')) operands = value
        else problems.push(`${path}: files: expected a list of paths, found ${JSON.stringify(value)}`)
      } else if (name === undefined) {
        problems.push(`${path}: unknown key "${key}"${didYouMean(key, [...names.keys(), 'files'])}`)
      } else texts.set(name, textOf(value))
    }
  }
  return { path, texts, operands, problems }
}

/** The content of the file; null: it is empty, or there is a problem. */
function parsed(path: string, by: string, problems: string[]): object | null {
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
    const several = (error as { code?: string }).code === 'MULTIPLE_DOCS'
    const reason = several
      ? 'expected one YAML document, found several: name each setting in the first one'
      : `not YAML or JSON: ${messageOf(error).split('\n')[0]}`
    problems.push(`${path}: ${reason}`)
    return null
  }
}

/** Bytes of the longest file: thousands of times what all options need. */
const mostBytes = 2 ** 20

/** @throws Error for what has no end, or a distant one: a device, a directory, a file of more than a mebibyte */
function readText(path: string): string {
  const status = statSync(path, { bigint: true })
  if (!status.isFile() && !status.isFIFO()) throw new Error('expected a file or a pipe, found neither')
  const file = openSync(path, 'r')
  try {
    // A pipe, and a file of /proc, do not tell their size beforehand.
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
