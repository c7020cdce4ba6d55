import { ProducerError } from '../errors.js'
import { malformedKinds, sharesByKind } from './malformed-shares.js'
import { mostFrames, type OptionRow, optionRows } from './option-rows.js'
import { BadValue } from './values.js'

type Rows = typeof optionRows
type Parsed = { [K in keyof Rows]: Rows[K] extends OptionRow<infer T> ? T : never }

/** What `generate` is asked for. Times in Unix seconds, sizes in bytes, probabilities in percent. */
export interface GenerateOptions extends Omit<Parsed, 'frames' | 'seconds' | 'malformed'> {
  readonly frames: number
  /** Percent by kind, in the order of `malformedKinds`. */
  readonly malformed: readonly number[]
}

/** Flags as commander hands them over: a text, true for a switch or a missing value. */
export type RawOptions = { [K in keyof Rows]?: string | boolean }

const defaultFrames = 100_000
// A filler member may overshoot the least length by this much, and a group adds its own.
const lineSlack = 512

/** The flag of a key of the table: `lineLength` is `--line-length`. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/**
 * Turns flags into options.
 *
 * @param extra problems found before, listed first
 * @throws ProducerError `usage`: one line per problem, all of them at once
 */
export function readOptions(raw: RawOptions, extra: readonly string[] = []): GenerateOptions {
  const problems = [...extra]
  const parsed: Record<string, unknown> = {}
  for (const [name, row] of Object.entries(optionRows)) {
    parsed[name] = readOne(name, row, raw[name as keyof Rows], problems)
  }
  if (problems.length > extra.length) throw new ProducerError('usage', problems.join('\n'))
  const options = combine(parsed as Parsed, problems)
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

/** Checks what only several flags together can break. */
function combine(parsed: Parsed, problems: string[]): GenerateOptions {
  const { frames, seconds, malformed, ...rest } = parsed
  if (frames !== undefined && seconds !== undefined) {
    problems.push('--frames and --seconds: expected one of them, found both')
  }
  if (rest.lineLength + lineSlack > rest.maxLine) {
    problems.push(
      `--line-length: expected at most ${rest.maxLine - lineSlack} (${lineSlack} below --max-line), found ${rest.lineLength}`,
    )
  }
  const shares = sharesByKind(malformed, rest.groups > 0)
  if (rest.groups === 0 && shares[malformedKinds.indexOf('bad-group')]! > 0) {
    problems.push('--malformed: expected --groups with the kind bad-group, found no groups')
  }
  if (rest.out !== undefined && rest.out === rest.truth) {
    problems.push('--out and --truth: expected two different files, found the same')
  }
  const count = frames ?? (seconds === undefined ? defaultFrames : Math.round(seconds * rest.rate))
  if (count > mostFrames) {
    problems.push(`--seconds and --rate: expected at most ${mostFrames} frames together, found ${count}`)
  }
  if (count / rest.rate > 1e9) {
    problems.push('--frames and --rate: expected at most 1000000000 event seconds together, found more')
  }
  return { ...rest, frames: count, malformed: shares }
}
