/** A flag's value that is refused: the message says what was expected; the reader adds the flag and what was found. */
export class BadValue extends Error {
  override readonly name = 'BadValue'
}

/** Parses a whole number within [least, greatest]. */
export function wholeNumber(least: number, greatest: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (value >= least && value <= greatest) return value
    throw new BadValue(`a whole number from ${least} to ${greatest}`)
  }
}

/** Parses a decimal number within [least, greatest]. */
export function decimal(least: number, greatest: number): (text: string) => number {
  return (text) => {
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
    if (value >= least && value <= greatest) return value
    throw new BadValue(`a number from ${least} to ${greatest}`)
  }
}

/** Parses a probability in percent, 0 to 100, with or without the sign. */
export function percent(text: string): number {
  const value = /^\d+(\.\d+)?%?$/.test(text) ? Number.parseFloat(text) : Number.NaN
  if (value <= 100) return value
  throw new BadValue('a percentage from 0 to 100')
}

const units: Record<string, number> = { '': 1, KiB: 1024, MiB: 1024 ** 2 }

/** Parses a size in bytes within [least, greatest]: `4096`, `64KiB`, `1MiB`. */
export function byteSize(least: number, greatest: number): (text: string) => number {
  return (text) => {
    const match = /^(\d+)(KiB|MiB|)$/.exec(text)
    const value = match ? Number(match[1]) * units[match[2]!]! : Number.NaN
    if (value >= least && value <= greatest) return value
    throw new BadValue(`a size from ${least} to ${greatest} bytes, such as 4096, 64KiB or 1MiB`)
  }
}

// Year 5000: a flipped bit adds at most 2^30 s, and the sum stays below 1e11, where `--time-unit auto`
// of the counter would begin to read milliseconds.
const latestStart = Date.UTC(5000, 0, 1) / 1000
const isoTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?$/

/** Parses a start time, ISO 8601 (UTC unless it names an offset) or Unix seconds, into Unix seconds. */
export function startTime(text: string): number {
  let value = Number.NaN
  if (/^\d+$/.test(text)) value = Number(text)
  else if (isoTime.test(text)) {
    const hasZone = /(Z|[+-]\d\d:\d\d)$/.test(text) && text.includes('T')
    value = Date.parse(text.includes('T') && !hasZone ? `${text}Z` : text) / 1000
  }
  if (value >= 0 && value <= latestStart) return value
  throw new BadValue('Unix seconds or ISO 8601 such as 2016-07-11T13:39:44Z, from 1970 to 5000')
}

/** The exponent of a Zipf distribution; 0 is uniform. */
export function skew(text: string): number {
  if (text === 'uniform') return 0
  const value = /^zipf:\d+(\.\d+)?$/.test(text) ? Number(text.slice(5)) : Number.NaN
  if (value >= 0.01 && value <= 10) return value
  throw new BadValue('uniform or zipf:EXPONENT with an exponent from 0.01 to 10')
}

/** Wall-clock pacing: event seconds per second of the clock, or null for as fast as possible. */
export function pace(text: string): number | null {
  return text === 'off' ? null : speed(text, 'off or a speed')
}

/** Event seconds per second of the clock. */
export function speed(text: string, expected = 'a speed'): number {
  const value = /^\d+(\.\d+)?x$/.test(text) ? Number.parseFloat(text) : Number.NaN
  if (value >= 0.001 && value <= 1_000_000) return value
  throw new BadValue(`${expected} such as 1x or 0.5x, from 0.001x to 1000000x`)
}

/** One of the given words. */
export function oneOf<const W extends string>(...words: W[]): (text: string) => W {
  return (text) => {
    const found = words.find((word) => word === text)
    if (found !== undefined) return found
    throw new BadValue(`one of ${words.join(', ')}`)
  }
}

/** The name of the group field: never one that the frame already has, nor a dotted path. */
export function groupField(text: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/.test(text) && text !== 'uid' && text !== 'ts') return text
  throw new BadValue('a name of letters, digits, _ and - (at most 64), not uid or ts')
}

/** A file's path. */
export function path(text: string): string {
  if (text !== '' && text !== '-') return text
  throw new BadValue('the path of a file (leave the flag out for stdout)')
}

/** Brokers: `host:port`, separated by commas. */
export function brokers(text: string): string[] {
  const all = text.split(',')
  if (all.every((each) => /^[^\s:]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/.test(each))) return all
  throw new BadValue('host:port, several separated by commas')
}

/** The name of a topic, as Kafka allows it. */
export function topic(text: string): string {
  if (/^[a-zA-Z0-9._-]{1,249}$/.test(text) && text !== '.' && text !== '..') return text
  throw new BadValue('a name of letters, digits, ., _ and - (at most 249)')
}

const durationUnits: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** Parses a duration within [least, greatest] ms: `5ms`, `1s`, `2m`. */
export function duration(least: number, greatest: number): (text: string) => number {
  return (text) => {
    const match = /^(\d+)(ms|s|m|h)$/.exec(text)
    const value = match ? Number(match[1]) * durationUnits[match[2]!]! : Number.NaN
    if (value >= least && value <= greatest) return value
    throw new BadValue(`a duration such as 5ms, 1s or 2m, from ${least} ms to ${greatest} ms`)
  }
}

/** A dotted path to a member of the frame. */
export function memberPath(text: string): string {
  if (!text.split('.').includes('')) return text
  throw new BadValue('member names joined by dots, such as uid or user.id')
}
