import { ProducerError } from '../errors.js'
import type { OptionRow, OptionRows } from './option-row.js'
import { BadValue } from './values.js'

/** The values of a command's flags. */
export type Parsed<R extends OptionRows> = { [K in keyof R]: R[K] extends OptionRow<infer T> ? T : never }

/** Flags as commander hands them over: a text, true for a switch or a missing value. */
export type RawOptions<R extends OptionRows> = { [K in keyof R]?: string | boolean }

/** The flag of a key of the table: `lineLength` is `--line-length`. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/**
 * Turns flags into values, and these into what the command takes.
 *
 * @param extra problems found before, listed first
 * @param combine checks what only several flags together can break, adding to the problems
 * @throws ProducerError `usage`: one line per problem, all of them at once
 */
export function readRows<R extends OptionRows, O>(
  rows: R,
  raw: RawOptions<R>,
  extra: readonly string[],
  combine: (parsed: Parsed<R>, problems: string[]) => O,
): O {
  const problems = [...extra]
  const parsed: Record<string, unknown> = {}
  for (const [name, row] of Object.entries(rows)) parsed[name] = readOne(name, row, raw[name], problems)
  if (problems.length > extra.length) throw new ProducerError('usage', problems.join('\n'))
  const options = combine(parsed as Parsed<R>, problems)
  if (problems.length > 0) throw new ProducerError('usage', problems.join('\n'))
  return options
}

function readOne(
  name: string,
  row: OptionRow<unknown>,
  given: string | boolean | undefined,
  problems: string[],
): unknown {
  if (row.placeholder === null) return given === true
  if (given === true) {
    problems.push(`${flagOf(name)}: expected a value (${row.placeholder}), found none`)
    return undefined
  }
  const text = given === undefined || given === false ? row.fallback : given
  if (text === null) return undefined
  try {
    return row.parse(text)
  } catch (error) {
    if (!(error instanceof BadValue)) throw error
    problems.push(`${flagOf(name)}: expected ${error.message}, found ${JSON.stringify(text)}`)
    return undefined
  }
}
