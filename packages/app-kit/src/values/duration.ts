import { BadValue, type ReadValue } from './bad-value.js'

const millisecondsOf = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

export interface DurationBounds {
  /** As a person would type it: `1ms`. */
  readonly least?: string
  readonly most?: string
}

/** A duration such as `500ms`, `5s`, `1m`, `2h`, `1d`, `1w`, in milliseconds. */
export function duration({ least, most }: DurationBounds = {}): ReadValue<number> {
  return (text) => read(text, least, most, '')
}

/** A duration, or `off` (null). */
export function durationOrOff({ least = '1ms', most }: DurationBounds = {}): ReadValue<number | null> {
  return (text) => (text === 'off' ? null : read(text, least, most, ', or off'))
}

function read(text: string, least: string | undefined, most: string | undefined, or: string): number {
  const value = milliseconds(text)
  if (Number.isNaN(value)) throw new BadValue(`a duration such as 500ms, 5s, 1m, 2h, 1d or 1w${or}`, text)
  if (least !== undefined && value < milliseconds(least)) throw new BadValue(`at least ${least}${or}`, text)
  if (most !== undefined && value > milliseconds(most)) throw new BadValue(`at most ${most}${or}`, text)
  return value
}

/** NaN for what is no duration, or one that a number cannot hold. */
function milliseconds(text: string): number {
  const match = /^(\d+)(ms|s|m|h|d|w)$/.exec(text)
  const value = match === null ? Number.NaN : Number(match[1]) * millisecondsOf[match[2] as 's']
  return Number.isSafeInteger(value) ? value : Number.NaN
}
