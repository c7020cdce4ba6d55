import { timeInRange } from './time-range.js'

const dayMs = 86_400_000

/**
 * Reads an ISO 8601 time: `YYYY-MM-DD`, or that, `T`, `t` or a space, and `hh:mm[:ss[.fraction]]`, then nothing, which
 * means UTC, or an offset: `Z`, `z`, `UTC`, `±hh`, `±hhmm` or `±hh:mm`, with a space before it or without. A fraction has
 * any number of digits after a point or comma; those below the millisecond are dropped, which rounds down, also before
 * 1970. `24:00` is the end of the day. Second 60 is the first of the next minute: there are no leap seconds, as in Unix time.
 *
 * @param bytes the text in `[start, end)`
 * @returns integer ms since the epoch; NaN for anything else and outside the years 0001 to 9998 UTC
 */
export function readIsoTime(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 10 || bytes[start + 4] !== 0x2d || bytes[start + 7] !== 0x2d) return Number.NaN
  const year = digits(bytes, start, 4)
  const month = digits(bytes, start + 5, 2)
  const day = digits(bytes, start + 8, 2)
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return Number.NaN
  const midnight = daysFromEpoch(year, month, day) * dayMs
  if (end - start === 10) return timeInRange(midnight)

  const separator = bytes[start + 10]!
  if ((separator | 0x20) !== 0x74 && separator !== 0x20) return Number.NaN
  if (end - start < 16 || bytes[start + 13] !== 0x3a) return Number.NaN
  const hour = digits(bytes, start + 11, 2)
  const minute = digits(bytes, start + 14, 2)
  let i = start + 16
  let second = 0
  let ms = 0
  let remainder = false
  if (i < end && bytes[i] === 0x3a) {
    if (i + 3 > end) return Number.NaN
    second = digits(bytes, i + 1, 2)
    i += 3
    if (i < end && (bytes[i] === 0x2e || bytes[i] === 0x2c)) {
      const first = ++i
      for (let unit = 100; i < end && isDigit(bytes[i]!); i++, unit = Math.floor(unit / 10)) {
        ms += unit * (bytes[i]! - 0x30)
        if (bytes[i] !== 0x30) remainder = true
      }
      if (i === first) return Number.NaN
    }
  }
  if (!(minute <= 59 && second <= 60)) return Number.NaN
  if (!(hour <= 23 || (hour === 24 && minute === 0 && second === 0 && !remainder))) return Number.NaN
  const offset = offsetMinutes(bytes, i, end)
  return timeInRange(midnight + ((hour * 60 + minute - offset) * 60 + second) * 1000 + ms)
}

/** Minutes east of UTC, NaN if `[i, end)` is neither empty nor an offset. */
function offsetMinutes(bytes: Uint8Array, i: number, end: number): number {
  if (i === end) return 0
  let at = bytes[i] === 0x20 ? i + 1 : i
  const length = end - at
  const sign = bytes[at]!
  if ((sign | 0x20) === 0x7a) return length === 1 ? 0 : Number.NaN
  if (sign === 0x55) return length === 3 && bytes[at + 1] === 0x54 && bytes[at + 2] === 0x43 ? 0 : Number.NaN
  if ((sign !== 0x2b && sign !== 0x2d) || length < 3) return Number.NaN
  const hours = digits(bytes, at + 1, 2)
  at += 3
  let minutes = 0
  if (at < end) {
    if (bytes[at] === 0x3a) at++
    if (end - at !== 2) return Number.NaN
    minutes = digits(bytes, at, 2)
  }
  if (!(hours <= 23 && minutes <= 59)) return Number.NaN
  return sign === 0x2d ? 0 - (hours * 60 + minutes) : hours * 60 + minutes
}

/** The number that `count` digits spell, NaN if one of them is none. */
function digits(bytes: Uint8Array, at: number, count: number): number {
  let value = 0
  for (let i = at; i < at + count; i++) {
    const byte = bytes[i]!
    if (!isDigit(byte)) return Number.NaN
    value = value * 10 + (byte - 0x30)
  }
  return value
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Days since 1970-01-01 (Howard Hinnant, "chrono-compatible low-level date algorithms", days_from_civil). */
function daysFromEpoch(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}
