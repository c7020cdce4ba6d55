import type { CalendarUnit } from '../src/index.js'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** What a clock on a wall shows, as the ms that a clock of UTC would show the same at. Slow: it asks Intl each time. */
export function wallClock(zone: string): (t: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  })
  const known = new Map<number, number>()
  return (t) => {
    const second = Math.floor(t / 1000) * 1000
    let shown = known.get(second)
    if (shown === undefined) {
      const parts = Object.fromEntries(format.formatToParts(second).map((p) => [p.type, Number(p.value)]))
      const { year, month, day, hour, minute, second: s } = parts
      shown = Date.UTC(year!, month! - 1, day!, hour, minute, s)
      known.set(second, shown)
    }
    return shown + (t - second)
  }
}

/** The window of a unit that holds an instant, by looking at a clock on a wall and nothing else. */
export function windowByClock(shown: (t: number) => number, unit: CalendarUnit, t: number): [number, number] {
  if (unit === 'minute' || unit === 'hour') {
    const length = unit === 'minute' ? 60_000 : HOUR
    const offset = shown(t) - t
    const start = Math.floor(shown(t) / length) * length - offset
    const same = (at: number) => shown(at) - at === offset
    return [
      same(start) ? start : firstWhere(start, t, same),
      same(start + length - 1) ? start + length : firstWhere(t, start + length, (at) => !same(at)),
    ]
  }
  // Dates in a row, from one that has begun for certain to the last that has begun.
  let date = startOf(unit, shown(t) - 2 * DAY)
  for (let next = after(unit, date); firstInstant(shown, next) <= t; next = after(unit, date)) date = next
  return [firstInstant(shown, date), firstInstant(shown, after(unit, date))]
}

/** The first instant at which the clock shows a date or a later one. */
function firstInstant(shown: (t: number) => number, date: number): number {
  for (let from = date - 30 * HOUR; ; from += HOUR / 4) {
    // Clocks have been changed for less than an hour, but never on and back within a quarter of one.
    const to = from + HOUR / 4
    if (shown(to) >= date) return firstWhere(from, to, (at) => shown(at) >= date)
  }
}

/** The first whole second in (from, to] at which something holds that does not at `from`, and stays so up to `to`. */
function firstWhere(from: number, to: number, holds: (t: number) => boolean): number {
  let [low, high] = [from, to]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) high = middle
    else low = middle
  }
  return high
}

/** The first date of the unit that holds a date. */
function startOf(unit: CalendarUnit, shown: number): number {
  const date = new Date(Math.floor(shown / DAY) * DAY)
  if (unit === 'week') date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7))
  if (unit === 'month' || unit === 'quarter' || unit === 'year') date.setUTCDate(1)
  if (unit === 'quarter') date.setUTCMonth(date.getUTCMonth() - (date.getUTCMonth() % 3))
  if (unit === 'year') date.setUTCMonth(0)
  return date.getTime()
}

function after(unit: CalendarUnit, date: number): number {
  const next = new Date(date)
  if (unit === 'day' || unit === 'week') next.setUTCDate(next.getUTCDate() + (unit === 'day' ? 1 : 7))
  else next.setUTCMonth(next.getUTCMonth() + { month: 1, quarter: 3, year: 12, minute: 0, hour: 0 }[unit])
  return next.getTime()
}
