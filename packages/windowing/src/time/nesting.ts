import { type CalendarUnit, DAY, meanLength, type WindowSize } from './size.js'

/** Where the calendar windows of a zone may begin: at multiples of a step from the epoch. */
export class CalendarGrid {
  /**
   * @param grain the greatest length that divides a day and all UTC offsets of the zone
   * @param utc whether the zone never changes its offset
   */
  constructor(
    readonly grain: number,
    readonly utc: boolean,
  ) {}

  step(unit: CalendarUnit): number {
    const clock = unit === 'minute' || unit === 'hour'
    if (this.utc) return clock ? meanLength({ name: '', unit }) : DAY
    // Clock slots are cut where the offset changes, which may be at any minute (00:01 in America/St_Johns).
    return clock ? gcd(60_000, this.grain) : this.grain
  }
}

/** Whether every window of `coarse` is a union of windows of `fine`. */
export function nests(fine: WindowSize, coarse: WindowSize, grid: CalendarGrid): boolean {
  if ('unit' in coarse) {
    if ('unit' in fine) return unitNests(fine.unit, coarse.unit)
    return grid.step(coarse.unit) % fine.length === 0 && (fine.offset ?? 0) % fine.length === 0
  }
  if ('unit' in fine) {
    // Of the calendar units only those of one length can fill a fixed one, and only where no clock is ever changed.
    const same = grid.utc && (fine.unit === 'minute' || fine.unit === 'hour' || fine.unit === 'day')
    const length = meanLength(fine)
    return same && coarse.length % length === 0 && (coarse.offset ?? 0) % length === 0
  }
  return coarse.length % fine.length === 0 && ((coarse.offset ?? 0) - (fine.offset ?? 0)) % fine.length === 0
}

/** Whether two sizes have the same windows. */
export function equal(a: WindowSize, b: WindowSize, grid: CalendarGrid): boolean {
  return nests(a, b, grid) && nests(b, a, grid)
}

/** The greatest common divisor; of 0 and a number, that number. */
export function gcd(a: number, b: number): number {
  let [x, y] = [Math.abs(a), Math.abs(b)]
  while (y !== 0) [x, y] = [y, x % y]
  return x
}

/** What each unit nests in besides itself. Weeks do not nest in months. */
export const nestsIn: Record<CalendarUnit, readonly CalendarUnit[]> = {
  minute: ['hour', 'day', 'week', 'month', 'quarter', 'year'],
  hour: ['day', 'week', 'month', 'quarter', 'year'],
  day: ['week', 'month', 'quarter', 'year'],
  week: [],
  month: ['quarter', 'year'],
  quarter: ['year'],
  year: [],
}

function unitNests(fine: CalendarUnit, coarse: CalendarUnit): boolean {
  return fine === coarse || (nestsIn[fine]?.includes(coarse) ?? false)
}
