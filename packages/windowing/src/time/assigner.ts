import { dayOf, monthOf } from './civil.js'
import { type CalendarUnit, DAY } from './size.js'

/**
 * Time to window. `locate(t)` leaves the window `[start, end)` that holds `t` in the two fields, so the
 * common case allocates nothing. Windows of one assigner never overlap and leave no gap.
 */
export interface Assigner {
  /** first millisecond of the window located last */
  start: number
  /** first millisecond after the window located last */
  end: number
  /** @param t integer milliseconds since the epoch, of any sign */
  locate(t: number): void
}

/** Windows `[offset + k * length, offset + (k + 1) * length)`. */
export class FixedAssigner implements Assigner {
  start = 0
  end = 0

  constructor(
    readonly length: number,
    readonly offset: number,
  ) {}

  locate(t: number): void {
    // Floor, not truncation: windows before the epoch count downwards as well.
    this.start = this.offset + Math.floor((t - this.offset) / this.length) * this.length
    this.end = this.start + this.length
  }
}

/** Units that begin with a date. */
export type DayUnit = Exclude<CalendarUnit, 'minute' | 'hour'>

/** The first day of the unit that holds `day`, and of the next one, as day numbers. */
export function unitDays(unit: DayUnit, day: number): [first: number, next: number] {
  if (unit === 'day') return [day, day + 1]
  if (unit === 'week') {
    // Day 0, 1970-01-01, was a Thursday: Mondays are the days congruent to 4 modulo 7.
    const first = Math.floor((day - 4) / 7) * 7 + 4
    return [first, first + 7]
  }
  const months = unit === 'month' ? 1 : unit === 'quarter' ? 3 : 12
  const first = Math.floor(monthOf(day) / months) * months
  return [dayOf(0, first + 1, 1), dayOf(0, first + months + 1, 1)]
}

/** Calendar units of UTC, where every day has the same length. */
export class UtcCalendarAssigner implements Assigner {
  start = 0
  end = 0

  constructor(readonly unit: DayUnit) {}

  locate(t: number): void {
    // Neighbouring times share a window nearly always; the date arithmetic runs only when t leaves it.
    if (t >= this.start && t < this.end) return
    const [first, next] = unitDays(this.unit, Math.floor(t / DAY))
    this.start = first * DAY
    this.end = next * DAY
  }
}
