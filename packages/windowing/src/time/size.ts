/** Calendar units a window may last. Weeks begin on Monday; minutes and hours are slots of the zone's clock. */
export type CalendarUnit = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year'

/** A window of a fixed number of milliseconds; windows begin at `offset + k * length`. */
export interface FixedSize {
  /** names the window in panes; unique within one plan */
  readonly name: string
  /** milliseconds, a whole number from 1 */
  readonly length: number
  /** milliseconds, may be negative; default 0: counted from the epoch */
  readonly offset?: number
}

/** A window that lasts one calendar unit of the plan's time zone. */
export interface CalendarSize {
  /** names the window in panes; unique within one plan */
  readonly name: string
  readonly unit: CalendarUnit
}

/** One size of tumbling windows. */
export type WindowSize = FixedSize | CalendarSize

/** Milliseconds of a day of UTC. */
export const DAY = 86_400_000

/** The mean length of each calendar unit in the Gregorian calendar (146,097 days in 400 years), used only for ordering. */
const meanDays: Record<CalendarUnit, number> = {
  minute: 1 / 1440,
  hour: 1 / 24,
  day: 1,
  week: 7,
  month: 146_097 / 4800,
  quarter: 146_097 / 1600,
  year: 146_097 / 400,
}

/** The (mean) length of a size in milliseconds. */
export function meanLength(size: WindowSize): number {
  return 'unit' in size ? Math.round(meanDays[size.unit] * DAY) : size.length
}

/** Tells sizes apart by what they are, whatever their names. */
export function sizeKey(size: WindowSize): string {
  return 'unit' in size ? size.unit : `${size.length}+${size.offset ?? 0}`
}
