import { ResultsError, shown } from './errors.js'
import { confidence, estimators, panes, type Result } from './result.js'
import { parseTime } from './time.js'

/** The fields of every result, in the order in which they are written. */
export const fieldNames = [
  'window',
  'start',
  'end',
  'group',
  'count',
  'lower',
  'upper',
  'confidence',
  'estimator',
  'events',
  'pane',
  'revision',
] as const

/** Fields that only some results have, in the order in which they follow the others. */
export const optionalFieldNames = ['sketch', 'total'] as const

/** The fields of a result as they stand in JSON, not checked yet. */
export type RawResult = ReadonlyMap<string, unknown>

/** Canonical base64: no bits are left over behind the last byte. */
const base64 =
  /^(?:[A-Za-z0-9+/]{4})+$|^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]|[A-Za-z0-9+/][AQgw]=)=$/

/** @throws ResultsError missing-field, bad-field, inconsistent */
export function checkedResult(raw: RawResult): Result {
  for (const name of fieldNames) {
    if (raw.has(name)) continue
    throw new ResultsError(
      'missing-field',
      `Found no field "${name}", expected ${fieldNames.join(', ')}; read only lines that a counter wrote.`,
    )
  }
  const start = time(raw, 'start')
  const end = time(raw, 'end')
  const result = {
    window: field(raw, 'window', isName, 'the name of a window size'),
    start,
    end,
    group: field(raw, 'group', isGroup, 'a string or null'),
    count: field(raw, 'count', isCount, 'a whole number from 0'),
    lower: field(raw, 'lower', isCount, 'a whole number from 0'),
    upper: field(raw, 'upper', isCountOrNull, 'a whole number from 0, or null'),
    estimator: oneOf(raw, 'estimator', estimators),
    events: field(raw, 'events', isCount, 'a whole number from 0'),
    pane: oneOf(raw, 'pane', panes),
    revision: field(raw, 'revision', isCount, 'a whole number from 0'),
    ...(raw.has('sketch') && { sketch: field(raw, 'sketch', isBase64, 'base64') }),
    ...(raw.has('total') && { total: field(raw, 'total', isTrue, 'true, or no such field') }),
  }
  field(raw, 'confidence', (value) => value === confidence, `${confidence}`)
  checkAgreement(result)
  return result
}

function checkAgreement({ start, end, group, count, lower, upper, events, total }: Result): void {
  const most = upper ?? events
  const expected =
    end <= start
      ? 'end after start'
      : lower > count || count > most
        ? 'lower <= count <= upper'
        : count > events || most > events
          ? 'count and upper not above events'
          : total === true && group !== null
            ? 'group null in a total'
            : null
  if (expected === null) return
  throw new ResultsError(
    'inconsistent',
    `Found lower ${lower}, count ${count}, upper ${upper}, events ${events}, start ${start}, end ${end}, group ${shown(group)}, total ${total ?? false}; expected ${expected}; the line was damaged or written by something else.`,
  )
}

function field<T>(raw: RawResult, name: string, is: (value: unknown) => value is T, expected: string): T
function field(raw: RawResult, name: string, is: (value: unknown) => boolean, expected: string): unknown
function field(raw: RawResult, name: string, is: (value: unknown) => boolean, expected: string): unknown {
  const value = raw.get(name)
  if (is(value)) return value
  throw new ResultsError(
    'bad-field',
    `Found ${name} ${shown(value)}, expected ${expected}; the line was damaged or written by something else.`,
  )
}

function oneOf<T extends string>(raw: RawResult, name: string, names: readonly T[]): T {
  const is = (value: unknown): value is T => names.includes(value as T)
  return field(raw, name, is, `one of ${names.join(', ')}`)
}

function time(raw: RawResult, name: string): number {
  const isTime = (value: unknown) => typeof value === 'string' && !Number.isNaN(parseTime(value))
  return parseTime(field(raw, name, isTime, 'a time such as 2016-07-11T13:39:00.000Z') as string)
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
function isGroup(value: unknown): value is string | null {
  return value === null || typeof value === 'string'
}
function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
function isCountOrNull(value: unknown): value is number | null {
  return value === null || isCount(value)
}
function isBase64(value: unknown): value is string {
  return typeof value === 'string' && base64.test(value)
}
function isTrue(value: unknown): value is true {
  return value === true
}
