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

function judgeLine(line: Uint8Array, options: FrameOptions): Omit<ModelRow, 'offset'> {
  const kept = line.subarray(0, options.maxLine)
  const row = { time: Number.NaN, hash: '0'.repeat(32), group: null, line: hex(kept) }
  if (line.length > options.maxLine) return { ...row, status: 'too-long' }
  return { ...row, ...judge(line, options) }
}

function judge(line: Uint8Array, options: FrameOptions): Partial<ModelRow> & { status: string } {
  try {
    JSON.parse(new TextDecoder('utf-8', { ignoreBOM: true }).decode(line))
  } catch {
    return { status: 'not-json' }
  }
  const root = JSON.parse(tagged(line))
  if (!isObject(root)) return { status: 'not-object' }
  const written = at(root, options.time)
  if (written === undefined) return { status: 'missing-time' }
  const time = timeOf(written, options.timeUnit)
  if (time === undefined) return { status: 'bad-time' }
  let hash = '0'.repeat(32)
  if (options.key !== null) {
    const key = at(root, options.key)
    if (key === undefined) return { status: 'missing-key' }
    const identity = identityOf(key, false)
    if (identity === undefined) return { status: 'bad-key' }
    hash = murmur.x64.hash128(identity, 9001)
  }
  let group: string | null = null
  const value = options.groupBy === null ? undefined : at(root, options.groupBy)
  if (value !== undefined && value !== null) {
    const identity = identityOf(value, true)
    if (identity === undefined || identity.length > 1024) return { status: 'bad-group' }
    group = hex(identity)
  }
  return { status: 'counted', time, hash, group }
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

/** Dots behind a backslash belong to a name; the tests' paths have no other backslashes before dots. */
function steps(path: string): string[] {
  return path.split(/(?<!\\)\./).map((step) => step.replaceAll('\\.', '.'))
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
