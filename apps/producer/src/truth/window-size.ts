/** One window size in UTC, named by the text as typed. */
export interface WindowSize {
  readonly name: string
  /** Number of the window that holds a Unix second. */
  indexOf(second: number): number
  /** First millisecond of a window; the end of `index` is the start of `index + 1`. */
  startOf(index: number): number
  /** The same for two names of one size. */
  readonly identity: string
}

const fixedUnits: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
const calendarMonths: Record<string, number> = { M: 1, q: 3, y: 12 }
const day = 86_400_000
// 1970-01-01 was a Thursday, so the first Monday came four days later.
const firstMonday = 4 * day

/**
 * Parses `500ms 5s 1m 2h` (fixed, counted from the epoch) or `1d 1w 1M 1q 1y` (calendar, weeks from Monday).
 *
 * @returns null when the text names no size
 */
export function parseWindowSize(name: string): WindowSize | null {
  const match = /^([1-9]\d{0,8})(ms|s|m|h|d|w|M|q|y)$/.exec(name)
  if (match === null) return null
  const count = Number(match[1])
  const unit = match[2]!
  const fixed = fixedUnits[unit]
  if (fixed !== undefined) return fixedSize(name, count * fixed, 0)
  if (count !== 1) return null
  if (unit === 'd') return fixedSize(name, day, 0)
  if (unit === 'w') return fixedSize(name, 7 * day, firstMonday)
  return monthSize(name, calendarMonths[unit]!)
}

function fixedSize(name: string, size: number, origin: number): WindowSize {
  return {
    name,
    identity: `${size}+${origin}`,
    indexOf: (second) => Math.floor((second * 1000 - origin) / size),
    startOf: (index) => index * size + origin,
  }
}

function monthSize(name: string, months: number): WindowSize {
  return {
    name,
    identity: `${months} months`,
    indexOf(second) {
      const date = new Date(second * 1000)
      return Math.floor((date.getUTCFullYear() * 12 + date.getUTCMonth()) / months)
    },
    startOf(index) {
      // setUTCFullYear, because Date.UTC reads the years 0 to 99 as 1900 to 1999.
      return new Date(0).setUTCFullYear(
        Math.floor((index * months) / 12),
        (((index * months) % 12) + 12) % 12,
        1,
      )
    },
  }
}
