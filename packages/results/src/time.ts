import { ResultsError, shown } from './errors.js'

const DAY = 86_400_000
/** The limit of ECMAScript times: 100,000,000 days on either side of the epoch. */
const farthest = 8_640_000_000_000_000

/** Local time minus UTC at an instant, both in ms: the offset of one time zone. */
export type OffsetAt = (time: number) => number

/** An instant as `2016-07-11T13:39:00.000Z`, as `Date.prototype.toISOString` writes it. @throws ResultsError bad-option */
export function formatUtc(time: number): string {
  checkInstant(time)
  return `${civilText(time)}Z`
}

/**
 * An instant as `2016-07-11T15:39:00.000+02:00`; an offset from before standard time has seconds (`+00:53:28`).
 *
 * @throws ResultsError bad-option for an invalid instant or offset
 */
export function formatLocal(time: number, offsetAt: OffsetAt): string {
  checkInstant(time)
  const offset = typeof offsetAt === 'function' ? offsetAt(time) : Number.NaN
  if (!Number.isInteger(offset) || Math.abs(offset) >= DAY) {
    const found = typeof offsetAt === 'function' ? `one that gives ${shown(offset)}` : shown(offsetAt)
    throw new ResultsError(
      'bad-option',
      `offsetAt must be a function that gives whole ms, less than a day; found ${found}`,
    )
  }
  const size = Math.abs(offset) / 1000
  const [hours, minutes, seconds] = [size / 3600, (size / 60) % 60, size % 60].map(Math.floor)
  const text = `${offset < 0 ? '-' : '+'}${pad(hours!, 2)}:${pad(minutes!, 2)}`
  return `${civilText(time + offset)}${text}${seconds === 0 ? '' : `:${pad(seconds!, 2)}`}`
}

const pattern =
  /^(\d{4}|[+-]\d{6})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.(\d{3})(?:Z|([+-])(\d\d):(\d\d)(?::(\d\d))?)$/

/**
 * The instant of a text that `formatUtc` or `formatLocal` wrote, ms since the epoch; NaN for any other text.
 *
 * @throws ResultsError bad-option for anything but a string
 */
export function parseTime(text: string): number {
  if (typeof text !== 'string') {
    throw new ResultsError('bad-option', `text must be a time as a string, found ${shown(text)}`)
  }
  const match = pattern.exec(text)
  if (match === null || match[1] === '-000000') return Number.NaN
  const [year, month, day, hour, minute, second, fraction] = match.slice(1, 8).map(Number)
  const [offsetHours, offsetMinutes, offsetSeconds] = match.slice(9, 12).map((part) => Number(part ?? 0))
  const isClock = hour! < 24 && minute! < 60 && second! < 60 && offsetMinutes! < 60 && offsetSeconds! < 60
  if (!isClock || month! < 1 || month! > 12 || day! < 1 || day! > daysIn(year!, month!)) return Number.NaN
  const local =
    dayOf(year!, month!, day!) * DAY + hour! * 3_600_000 + minute! * 60_000 + second! * 1000 + fraction!
  const offset = (offsetHours! * 3600 + offsetMinutes! * 60 + offsetSeconds!) * 1000
  const time = match[8] === '-' ? local + offset : local - offset
  return Math.abs(time) <= farthest ? time : Number.NaN
}

/** Whether a value is a whole number of ms that ECMAScript knows as a time. */
export function isInstant(value: unknown): boolean {
  return Number.isInteger(value) && Math.abs(value as number) <= farthest
}

function checkInstant(time: number): void {
  if (isInstant(time)) return
  throw new ResultsError(
    'bad-option',
    `time must be an instant in whole ms since the epoch, found ${shown(time)}`,
  )
}

function civilText(time: number): string {
  const day = Math.floor(time / DAY)
  const clock = time - day * DAY
  const seconds = Math.floor(clock / 1000)
  const time24 = `${pad(Math.floor(seconds / 3600), 2)}:${pad(Math.floor(seconds / 60) % 60, 2)}:${pad(seconds % 60, 2)}`
  return `${dateText(day)}T${time24}.${pad(clock % 1000, 3)}`
}

// Gregorian dates as day numbers since 1970-01-01, after Howard Hinnant, "chrono-Compatible Low-Level Date
// Algorithms": years begin on 1 March, so that the leap day is the last of its year, in eras of 400 years.

function dateText(day: number): string {
  const shifted = day + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const leapDays =
    Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096)
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365)
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const date = dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
  const year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
  return `${yearText(year)}-${pad(month, 2)}-${pad(date, 2)}`
}

function dayOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** ISO 8601 needs a sign and six digits beyond the years 0 to 9999. */
function yearText(year: number): string {
  if (year >= 0 && year <= 9999) return pad(year, 4)
  return `${year < 0 ? '-' : '+'}${pad(Math.abs(year), 6)}`
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0')
}
