import murmur from 'murmurhash3js-revisited'
import type { FrameOptions } from '../src/index.js'

/** What one line becomes, in words: the row that FrameReader has to produce for it. */
export interface ModelRow {
  status: string
  time: number
  hash: string
  group: string | null
  offset: number
  line: string
}

export interface Model {
  rows: ModelRow[]
  lines: number
  blank: number
}

/** The plain model: a trivial splitter, JSON.parse of each decoded line, BigInt arithmetic. For tests only. */
export function modelOf(source: Uint8Array, options: FrameOptions): Model {
  const model: Model = { rows: [], lines: 0, blank: 0 }
  let from = source[0] === 0xef && source[1] === 0xbb && source[2] === 0xbf ? 3 : 0
  while (from < source.length) {
    const lf = source.indexOf(10, from)
    const next = lf < 0 ? source.length : lf + 1
    let to = lf < 0 ? source.length : lf
    if (lf > from && source[lf - 1] === 13) to--
    model.lines++
    const line = source.subarray(from, to)
    if (/^[ \t\r]*$/.test(latin1(line))) model.blank++
    else model.rows.push({ ...judgeLine(line, options), offset: from })
    from = next
  }
  return model
}

function judgeLine(line: Uint8Array, options: FrameOptions, record?: ModelRecord): Omit<ModelRow, 'offset'> {
  const kept = line.subarray(0, options.maxLine)
  const row = { time: Number.NaN, hash: '0'.repeat(32), group: null, line: hex(kept) }
  if (line.length > options.maxLine) return { ...row, status: 'too-long' }
  return { ...row, ...judge(line, options, record) }
}

/** A record in words: what `@key`, `@value` and `@timestamp` stand for. */
export interface ModelRecord {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly timestamp: number
}

/** The row that a record with these options becomes; null: none, it is blank. */
export function modelOfRecord(record: ModelRecord, options: FrameOptions): Omit<ModelRow, 'offset'> | null {
  const { value } = record
  if (value === null) return null
  const isParsed = [options.time, options.key, options.groupBy].some(
    (path) => path !== null && fieldOf(record, path) === undefined,
  )
  if (isParsed && value.every((byte) => [0x20, 0x09, 0x0d, 0x0a].includes(byte))) return null
  return judgeLine(value, options, record)
}

/** Undefined: the path is that of a member. Null: the record has no such field. */
function fieldOf(record: ModelRecord | undefined, path: string | null): Uint8Array | null | undefined {
  if (record === undefined) return undefined
  if (path === '@key') return record.key
  if (path === '@value') return record.value
  if (path !== '@timestamp') return undefined
  return record.timestamp === -1 ? null : new TextEncoder().encode(String(record.timestamp))
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

function judge(
  line: Uint8Array,
  options: FrameOptions,
  record?: ModelRecord,
): Partial<ModelRow> & { status: string } {
  const own = {
    time: fieldOf(record, options.time),
    key: fieldOf(record, options.key),
    group: fieldOf(record, options.groupBy),
  }
  const isParsed =
    own.time === undefined ||
    (own.key === undefined && options.key !== null) ||
    (own.group === undefined && options.groupBy !== null)
  const root = isParsed ? parsed(line) : {}
  if (typeof root === 'string') return { status: root }
  const written = own.time === undefined ? at(root, options.time) : (own.time ?? undefined)
  if (written === undefined) return { status: 'missing-time' }
  const time =
    options.time === '@timestamp' && record !== undefined
      ? inRange(record.timestamp)
      : timeOf(written instanceof Uint8Array ? latin1(written) : written, options.timeUnit)
  if (time === undefined) return { status: 'bad-time' }
  let hash = '0'.repeat(32)
  if (options.key !== null) {
    const key = own.key === undefined ? at(root, options.key) : (own.key ?? undefined)
    if (key === undefined) return { status: 'missing-key' }
    const identity = key instanceof Uint8Array ? key : identityOf(key, false)
    if (identity === undefined) return { status: 'bad-key' }
    hash = murmur.x64.hash128(identity, 9001)
  }
  let group: string | null = null
  const value =
    options.groupBy === null ? undefined : own.group === undefined ? at(root, options.groupBy) : own.group
  if (value !== undefined && value !== null) {
    const identity = value instanceof Uint8Array ? value : identityOf(value, true)
    if (identity === undefined || identity.length > 1024) return { status: 'bad-group' }
    if (value instanceof Uint8Array && !isUtf8(value)) return { status: 'bad-group' }
    group = hex(identity)
  }
  return { status: 'counted', time, hash, group }
}

function inRange(ms: number): number | undefined {
  const year = new Date(ms).getUTCFullYear()
  return year >= 1 && year <= 9998 ? ms : undefined
}

/** What the line says, its numbers and bytes tagged, or why it is no frame. */
function parsed(line: Uint8Array): object | string {
  try {
    JSON.parse(new TextDecoder('utf-8', { ignoreBOM: true }).decode(line))
  } catch {
    return 'not-json'
  }
  const root = JSON.parse(tagged(line))
  return isObject(root) ? root : 'not-object'
}

/** Numbers become strings that keep their text, raw bytes from 0x80 on become U+E080 to U+E0FF. */
function tagged(line: Uint8Array): string {
  const text = Array.from(line, (byte) => String.fromCharCode(byte < 0x80 ? byte : 0xe000 + byte)).join('')
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) =>
    token.startsWith('"') ? token : `"\\u0001number ${token}"`,
  )
}

function numberText(value: unknown): string | undefined {
  return typeof value === 'string' && value.startsWith('\u0001number ') ? value.slice(8) : undefined
}

function identityOf(value: unknown, booleans: boolean): Uint8Array | undefined {
  if (booleans && typeof value === 'boolean') return new TextEncoder().encode(String(value))
  if (typeof value !== 'string') return undefined
  const number = numberText(value)
  if (number !== undefined) {
    return /^-?\d+$/.test(number) ? new TextEncoder().encode(number === '-0' ? '0' : number) : undefined
  }
  return Uint8Array.from(
    [...value].flatMap((character) => {
      const code = character.codePointAt(0)!
      return code >= 0xe080 && code <= 0xe0ff ? [code - 0xe000] : [...new TextEncoder().encode(character)]
    }),
  )
}

function at(root: unknown, path: string): unknown {
  let value = root
  for (const step of steps(path)) {
    if (!isObject(value) || !Object.hasOwn(value, step)) return undefined
    value = value[step]
  }
  return value
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Dots behind a backslash belong to a name, and a first @ may have one; the tests' paths have no others. */
function steps(path: string): string[] {
  return path
    .replace(/^\\@/, '@')
    .split(/(?<!\\)\./)
    .map((step) => step.replaceAll('\\.', '.'))
}

function timeOf(written: unknown, unit: string): number | undefined {
  const number = numberText(written)
  if (number !== undefined) return unit === 'iso' ? undefined : modelTime(number, unit)
  if (typeof written !== 'string') return undefined
  if (unit !== 'iso' && /^[+-]?\d+(\.\d+)?$/.test(written)) {
    const digits = written.replace(/^\+/, '').replace(/^(-?)0+(?=\d)/, '$1')
    return modelTime(digits, unit)
  }
  return unit === 'iso' || unit === 'auto' ? isoTime(written) : undefined
}

/** By a regular expression and the engine's calendar. */
function isoTime(text: string): number | undefined {
  const match =
    /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?: ?(?:[Zz]|UTC|([+-])(\d\d)(?::?(\d\d))?))?)?$/.exec(
      text,
    )
  if (match === null) return undefined
  const [year, month, day, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => (part === undefined ? undefined : Number(part))) as [
    number,
    number,
    number,
    number?,
    number?,
    number?,
  ]
  const fraction = match[7] ?? ''
  const [offsetHours, offsetMinutes] = [Number(match[9] ?? 0), Number(match[10] ?? 0)]
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined
  const isEndOfDay = hour === 24 && minute === 0 && second === 0 && /^0*$/.test(fraction)
  if ((hour > 23 && !isEndOfDay) || minute > 59 || second > 60 || offsetHours > 23 || offsetMinutes > 59) {
    return undefined
  }
  const offset = (offsetHours * 60 + offsetMinutes) * (match[8] === '-' ? -1 : 1)
  const ms = Number(fraction.padEnd(3, '0').slice(0, 3))
  const time = date.getTime() + ((hour * 60 + minute - offset) * 60 + second) * 1000 + ms
  return time >= Date.parse('0001-01-01') && time < Date.parse('9999-01-01') ? time : undefined
}

/** Floor of an exact fraction of two BigInts, undefined outside the years 0001 to 9998. */
function modelTime(text: string, unit: string): number | undefined {
  const [, sign, whole, fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? []
  // A damaged digit can be an E. Beyond these powers lie only zero and what is out of range or below a millisecond.
  const power = Math.max(-20_000, Math.min(20_000, Number(exponent))) - fraction.length
  const magnitude = BigInt(whole + fraction) * 10n ** BigInt(Math.max(0, power))
  const below = 10n ** BigInt(Math.max(0, -power))
  const isBelow = (limit: bigint) => magnitude < limit * below
  const size =
    unit !== 'auto'
      ? unit
      : isBelow(10n ** 11n)
        ? 's'
        : isBelow(10n ** 14n)
          ? 'ms'
          : isBelow(10n ** 17n)
            ? 'us'
            : 'ns'
  const top = (sign ? -magnitude : magnitude) * (size === 's' ? 1000n : 1n)
  const bottom = below * (size === 'us' ? 1000n : size === 'ns' ? 1_000_000n : 1n)
  const ms = top >= 0n ? top / bottom : -((bottom - 1n - top) / bottom)
  const inRange = ms >= BigInt(Date.parse('0001-01-01')) && ms < BigInt(Date.parse('9999-01-01'))
  return inRange ? Number(ms) : undefined
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1')
}
