import { ResultsError, shown } from './errors.js'
import { estimators, panes, type Result, type ResultName } from './result.js'
import { isInstant } from './time.js'

/**
 * Catches what plain JavaScript lets through: `csvFormat({ tiems: 'local' })`, `new CsvReader(5)`.
 *
 * @throws ResultsError bad-option unless `options` is an object with no other keys than the known ones
 */
export function checkOptions(owner: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    const form = known.length === 0 ? 'no options' : `options as an object { ${known.join(', ')} }`
    throw new ResultsError('bad-option', `${owner}: expected ${form}, found ${shown(options)}`)
  }
  for (const key in options) {
    if (known.includes(key)) continue
    const meant = known.find((name) => isNear(key.toLowerCase(), name.toLowerCase()))
    const hint = meant === undefined ? `it takes ${known.join(', ') || 'none'}` : `did you mean "${meant}"?`
    throw new ResultsError('bad-option', `${owner}: unknown option ${shown(key)}: ${hint}`)
  }
}

/** @throws ResultsError bad-option unless `is` accepts the value of an option or argument */
export function check(is: boolean, name: string, expected: string, value: unknown): void {
  if (is) return
  throw new ResultsError('bad-option', `${name} must be ${expected}, found ${shown(value)}`)
}

/** @throws ResultsError bad-option */
export function checkFlag(name: string, value: unknown): void {
  check(typeof value === 'boolean', name, 'true or false', value)
}

/** @throws ResultsError bad-option */
export function checkOffsetAt(value: unknown): void {
  check(value === undefined || typeof value === 'function', 'offsetAt', 'a function of an instant', value)
}

/**
 * Checks the type and range of every field; whether the fields agree with each other is left to `parseResult`. The loop over
 * the fields runs only for a result that is refused, because this is called for each one written.
 *
 * @throws ResultsError not-object, missing-field, bad-field
 */
export function checkResult(owner: string, result: Result): void {
  if (!isResult(result)) checkFields(owner, result, resultFields)
}

/** @throws ResultsError not-object, missing-field, bad-field unless `name` has the fields that name a result */
export function checkName(owner: string, name: ResultName): void {
  checkFields(owner, name, nameFields)
}

function isResult(result: Result | null | undefined): boolean {
  return (
    typeof result === 'object' &&
    result !== null &&
    isWindow(result.window) &&
    isInstant(result.start) &&
    isInstant(result.end) &&
    isGroup(result.group) &&
    isCount(result.count) &&
    isCount(result.lower) &&
    isUpper(result.upper) &&
    isEstimator(result.estimator) &&
    isCount(result.events) &&
    isPane(result.pane) &&
    isCount(result.revision) &&
    isSketch(result.sketch) &&
    isTotal(result.total)
  )
}

type Field = readonly [name: string, is: (value: unknown) => boolean, expected: string]

const instant = 'an instant in whole ms since the epoch'
const whole = 'a whole number from 0'
const nameFields: readonly Field[] = [
  ['window', isWindow, 'the name of a window size'],
  ['start', isInstant, instant],
  ['group', isGroup, 'a string or null'],
  ['total', isTotal, 'true, or no such field'],
]
const resultFields: readonly Field[] = [
  ...nameFields,
  ['end', isInstant, instant],
  ['count', isCount, whole],
  ['lower', isCount, whole],
  ['upper', isUpper, `${whole}, or null`],
  ['estimator', isEstimator, `one of ${estimators.join(', ')}`],
  ['events', isCount, whole],
  ['pane', isPane, `one of ${panes.join(', ')}`],
  ['revision', isCount, whole],
  ['sketch', isSketch, 'base64, or no such field'],
]

/** Throws for the first field that is wrong. */
function checkFields(owner: string, result: unknown, fields: readonly Field[]): void {
  if (typeof result !== 'object' || result === null || Array.isArray(result)) {
    throw new ResultsError('not-object', `${owner}: expected a result as an object, found ${shown(result)}`)
  }
  for (const [name, is, expected] of fields) {
    const value = (result as Record<string, unknown>)[name]
    if (is(value)) continue
    if (value === undefined) {
      throw new ResultsError(
        'missing-field',
        `${owner}: expected a result with "${name}", ${expected}; found none`,
      )
    }
    throw new ResultsError('bad-field', `${owner}: ${name} must be ${expected}, found ${shown(value)}`)
  }
}

function isWindow(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}
function isGroup(value: unknown): boolean {
  return value === null || typeof value === 'string'
}
function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
function isUpper(value: unknown): boolean {
  return value === null || isCount(value)
}
function isEstimator(value: unknown): boolean {
  return (estimators as readonly unknown[]).includes(value)
}
function isPane(value: unknown): boolean {
  return (panes as readonly unknown[]).includes(value)
}
/** Only the alphabet is checked: a sketch may have tens of thousands of characters, which need no escapes in JSON or CSV. */
function isSketch(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && /^[A-Za-z0-9+/]+=*$/.test(value))
}
function isTotal(value: unknown): boolean {
  return value === undefined || value === true
}

/** Whether two names are at most two insertions, deletions or replacements apart. */
function isNear(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 2) return false
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    }
    row = next
  }
  return row[b.length]! <= 2
}
