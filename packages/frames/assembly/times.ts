import { isDelimiter, isDigit, quote, zero } from './bytes'

/** Less than any time. */
export const noTime: f64 = -Infinity

const firstYear: i64 = -62135596800000
const endOfYears: i64 = 253370764800000

/**
 * The time at `p` in ms: an unsigned integer of at most 15 digits in the unit (0 auto, 1 s, 2 ms, 3 us), or,
 * unit 4, an ISO text of the usual shape. noTime for all that is not surely a good time.
 */
export function readTime(p: usize, unit: u32): f64 {
  if (unit === 4) return isoTime(p)
  const start = p
  let value: u64 = 0
  const eight = load<u64>(p)
  if (areDigits(eight)) {
    value = eightDigits(eight)
    p += 8
  }
  let digit = <u32>load<u8>(p) - zero
  while (digit < 10) {
    value = value * 10 + <u64>digit
    digit = <u32>load<u8>(++p) - zero
  }
  const length = p - start
  if (length === 0 || length > 15 || !isDelimiter(<u32>load<u8>(p))) return noTime
  if (<u32>load<u8>(start) === zero && length > 1) return noTime
  if (unit === 1 || (unit === 0 && value < 100000000000)) value *= 1000
  else if (unit === 3 || (unit === 0 && value >= 100000000000000)) value /= 1000
  return value < <u64>endOfYears ? <f64>value : noTime
}

function areDigits(eight: u64): bool {
  const sixes: u64 = 0x06060606 * (((<u64>1) << 32) | 1)
  const highs: u64 = 0xf0f0f0f0 * (((<u64>1) << 32) | 1)
  return ((eight & highs) | (((eight + sixes) & highs) >> 4)) === 0x33333333 * (((<u64>1) << 32) | 1)
}

/** The number that eight digits spell, the first in the lowest byte: pairs, then fours, then all. */
function eightDigits(eight: u64): u64 {
  const ones: u64 = 0x0f0f0f0f * (((<u64>1) << 32) | 1)
  const pairs = ((eight & ones) * 2561) >> 8
  const fours = ((pairs & (0x00ff00ff * (((<u64>1) << 32) | 1))) * 6553601) >> 16
  return ((fours & (0x0000ffff * (((<u64>1) << 32) | 1))) * (((<u64>10000) << 32) | 1)) >> 32
}

/** `YYYY-MM-DDThh:mm:ss`, a fraction of one to nine digits or none, `Z` or an offset `±hh:mm`. */
function isoTime(quoteAt: usize): f64 {
  if (<u32>load<u8>(quoteAt) !== quote) return noTime
  const p = quoteAt + 1
  // ....-..-..T..:..:..
  if (
    load<u8>(p, 4) !== 0x2d ||
    load<u8>(p, 7) !== 0x2d ||
    load<u8>(p, 10) !== 0x54 ||
    load<u8>(p, 13) !== 0x3a ||
    load<u8>(p, 16) !== 0x3a
  ) {
    return noTime
  }
  const century = twoDigits(p)
  const yearOfCentury = twoDigits(p + 2)
  const month = twoDigits(p + 5)
  const day = twoDigits(p + 8)
  const hour = twoDigits(p + 11)
  const minute = twoDigits(p + 14)
  const second = twoDigits(p + 17)
  // 255 stands for no digits.
  if (century > 99 || yearOfCentury > 99 || month - 1 > 11 || hour > 23 || minute > 59 || second > 59)
    return noTime
  const year = <i32>(century * 100 + yearOfCentury)
  if (day === 0 || day > daysInMonth(year, month)) return noTime
  let q = p + 19
  let ms: u32 = 0
  if (load<u8>(q) === 0x2e) {
    const first = ++q
    let unit: u32 = 100
    while (isDigit(<u32>load<u8>(q))) {
      ms += unit * (<u32>load<u8>(q) - zero)
      unit /= 10
      q++
    }
    if (q === first || q - first > 9) return noTime
  }
  let offset = 0
  const sign = <u32>load<u8>(q)
  if (sign === 0x5a) q++
  else {
    const hours = twoDigits(q + 1)
    const minutes = twoDigits(q + 4)
    if ((sign !== 0x2b && sign !== 0x2d) || load<u8>(q, 3) !== 0x3a || hours > 23 || minutes > 59)
      return noTime
    offset = <i32>(hours * 60 + minutes)
    if (sign === 0x2d) offset = -offset
    q += 6
  }
  if (<u32>load<u8>(q) !== quote) return noTime
  const minutes =
    <i64>daysFromEpoch(year, <i32>month, <i32>day) * 1440 + <i64>(hour * 60 + minute) - <i64>offset
  const time = (minutes * 60 + <i64>second) * 1000 + <i64>ms
  return time >= firstYear && time < endOfYears ? <f64>time : noTime
}

function twoDigits(p: usize): u32 {
  const tens = <u32>load<u8>(p) - zero
  const ones = <u32>load<u8>(p, 1) - zero
  return tens < 10 && ones < 10 ? tens * 10 + ones : 255
}

function daysInMonth(year: i32, month: u32): u32 {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Days since 1970-01-01 (Hinnant, days_from_civil), for years from 0 on. */
function daysFromEpoch(year: i32, month: i32, day: i32): i32 {
  const shifted = (month <= 2 ? year - 1 : year) + 400
  const era = shifted / 400
  const yearOfEra = shifted - era * 400
  const dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
  const dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
  return (era - 1) * 146097 + dayOfEra - 719468
}
