import { BadValue } from '@card/app-kit'

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
  throw new BadValue('Unix seconds or ISO 8601 such as 2016-07-11T13:39:44Z, from 1970 to 5000', text)
}

/** The exponent of a Zipf distribution; 0 is uniform. */
export function skew(text: string): number {
  if (text === 'uniform') return 0
  const value = /^zipf:\d+(\.\d+)?$/.test(text) ? Number(text.slice(5)) : Number.NaN
  if (value >= 0.01 && value <= 10) return value
  throw new BadValue('uniform or zipf:EXPONENT with an exponent from 0.01 to 10', text)
}

/** Wall-clock pacing: event seconds per second of the clock, or null for as fast as possible. */
export function pace(text: string): number | null {
  return text === 'off' ? null : speedOf(text, 'off or a speed')
}

/** Event seconds per second of the clock. */
export function speed(text: string): number {
  return speedOf(text, 'a speed')
}

function speedOf(text: string, expected: string): number {
  const value = /^\d+(\.\d+)?x$/.test(text) ? Number.parseFloat(text) : Number.NaN
  if (value >= 0.001 && value <= 1_000_000) return value
  throw new BadValue(`${expected} such as 1x or 0.5x, from 0.001x to 1000000x`, text)
}

/** The name of the group field: never one that the frame already has, nor a dotted path. */
export function groupField(text: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/.test(text) && text !== 'uid' && text !== 'ts') return text
  throw new BadValue('a name of letters, digits, _ and - (at most 64), not uid or ts', text)
}

/** A dotted path to a member of the frame. */
export function memberPath(text: string): string {
  if (
    !text
      .replace(/\\[.\\]/g, '_')
      .split('.')
      .includes('')
  )
    return text
  throw new BadValue('member names joined by dots, such as uid or user.id', text)
}
