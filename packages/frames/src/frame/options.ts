import { isPlainObject, shown } from '../arguments.js'
import { FramesError } from '../errors.js'
import { pathNames } from './member-path.js'

/**
 * What to read from a frame. A path is the names of members from the root object down, joined by dots: `user.id`. A dot
 * inside a name is written `\.`.
 */
export interface FrameOptions {
  /**
   * What is read: lines (the default), or records. With `records`, `key`, `time` and `groupBy` may be `@key`, `@value`
   * or `@timestamp`, which are the record's own; `\@key` is then the member of that name. Where only these are wanted
   * no value is parsed.
   */
  input?: 'lines' | 'records'
  /** Path of the key whose distinct values are counted; null: events only, the hash words stay 0. */
  key: string | null
  /** Path of the event time. */
  time: string
  /**
   * How the time is written: a number of these, or a string of digits, or `iso` for an ISO 8601 string. `auto` takes all
   * of them, and the unit of a number from its magnitude.
   */
  timeUnit: 'auto' | 's' | 'ms' | 'us' | 'ns' | 'iso'
  /** Path of the value whose text the frames are grouped by; null: no groups. */
  groupBy: string | null
  /** The greatest length of a line in bytes, without LF and CR: 1 to 268,435,456. */
  maxLine: number
  /** The most rows a batch holds: 1 to 65,536, by default 4,096. */
  rows?: number
  /**
   * `strict` (the default): a line is JSON exactly if JSON.parse accepts it, of repeated names the last wins.
   * `trusted`, for input from a producer that you trust: the scanner stops after the last wanted member of a line. It takes
   * the first of repeated names and notices neither damage nor anything after those members. Lines in which it does not
   * find what it needs, and all lines if there is no scanner, are judged strictly.
   */
  json?: 'strict' | 'trusted'
  /** False: JSON.parse judges every line. By default a scanner does wherever the engine has WebAssembly SIMD. */
  simd?: boolean
}

export const timeUnits = ['auto', 's', 'ms', 'us', 'ns', 'iso'] as const
const inputs = ['lines', 'records'] as const
const jsonModes = ['strict', 'trusted'] as const
// A line is decoded to one string, and V8's longest has 2^29 - 24 characters.
const greatestMaxLine = 2 ** 28
const greatestRows = 65_536

type Check = (value: unknown) => string | null

/** What each option must be; null if the value is. */
const checks: Readonly<Record<keyof FrameOptions, Check>> = {
  input: optional(oneOf(inputs)),
  time: aPath,
  key: (value) => (value === null ? null : orNull(aPath(value))),
  groupBy: (value) => (value === null ? null : orNull(aPath(value))),
  timeUnit: oneOf(timeUnits),
  json: optional(oneOf(jsonModes)),
  maxLine: integerUpTo(greatestMaxLine),
  rows: optional(integerUpTo(greatestRows)),
  simd: optional((value) => (typeof value === 'boolean' ? null : 'true or false')),
}

/** @throws {FramesError} `bad-option`, naming every option that is wrong, missing or unknown */
export function checkOptions(options: unknown): asserts options is FrameOptions {
  refuseWrong('FrameReader', options, checks)
}

/**
 * @param owner whose options they are, as a message names it
 * @throws {FramesError} `bad-option`, naming every option that is wrong, missing or unknown
 */
export function refuseWrong(owner: string, options: unknown, checks: Readonly<Record<string, Check>>): void {
  if (!isPlainObject(options)) {
    throw new FramesError(
      'bad-option',
      `${owner}: expected options as an object { ${Object.keys(checks).join(', ')} }, found ${shown(options)}`,
    )
  }
  const wrong: string[] = []
  for (const [name, check] of Object.entries(checks)) {
    const expected = check(options[name])
    if (expected !== null) wrong.push(`${name}: expected ${expected}, found ${shown(options[name])}`)
  }
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(checks, name)) {
      wrong.push(`${shown(name)}: unknown, expected only ${Object.keys(checks).join(', ')}`)
    }
  }
  if (wrong.length > 0) {
    throw new FramesError('bad-option', `${owner}: wrong options: ${wrong.join('; ')}`)
  }
}

export const pathForm = 'member names joined by dots, such as "user.id"'

export function isPath(value: unknown): value is string {
  return typeof value === 'string' && !pathNames(value).includes('')
}

function aPath(value: unknown): string | null {
  return isPath(value) ? null : pathForm
}

function orNull(expected: string | null): string | null {
  return expected === null ? null : `${expected}, or null`
}

function oneOf(values: readonly string[]): Check {
  const expected = `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`
  return (value) => (typeof value === 'string' && values.includes(value) ? null : expected)
}

export function integerUpTo(greatest: number, least = 1): Check {
  const expected = `an integer from ${least} to ${greatest}`
  return (value) =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= greatest ? null : expected
}

function optional(check: Check): Check {
  return (value) => (value === undefined ? null : check(value))
}
