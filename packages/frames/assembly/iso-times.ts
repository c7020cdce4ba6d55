import { comma, minus, plus, point, quote, space, zero } from './bytes'
import { noTime, timeInRange } from './time-range'

const dayMs: i64 = 86400000

/** See src/frame/iso-time.ts for what it reads. */
export function isoTime(p: usize): f64 {
  const century = twoDigits(p)
  const yearOfCentury = twoDigits(p + 2)
  const month = twoDigits(p + 5)
  const day = twoDigits(p + 8)
  // 255 stands for no digits.
  if (
    century > 99 ||
    yearOfCentury > 99 ||
    month - 1 > 11 ||
    load<u8>(p, 4) !== 0x2d ||
    load<u8>(p, 7) !== 0x2d
  )
    return noTime
  const year = <i32>(century * 100 + yearOfCentury)
  if (day - 1 >= daysInMonth(year, month)) return noTime
  const days = <i64>daysFromEpoch(year, <i32>month, <i32>day)
  const separator = <u32>load<u8>(p, 10)
  if (separator === quote) return timeInRange(days * dayMs)

  if ((separator | 0x20) !== 0x74 && separator !== space) return noTime
  const hour = twoDigits(p + 11)
  const minute = twoDigits(p + 14)
  if (hour > 24 || minute > 59 || load<u8>(p, 13) !== 0x3a) return noTime
  p += 16
  let second: u32 = 0
  let ms: u32 = 0
  let isFraction = false
  if (load<u8>(p) === 0x3a) {
    second = twoDigits(p + 1)
    if (second > 60) return noTime
    p += 3
    const mark = <u32>load<u8>(p)
    if (mark === point || mark === comma) {
      const first = ++p
      let unit: u32 = 100
      let digit = <u32>load<u8>(p) - zero
      while (digit < 10) {
        ms += unit * digit
        unit /= 10
        isFraction = isFraction || digit !== 0
        digit = <u32>load<u8>(++p) - zero
      }
      if (p === first) return noTime
    }
  }
  if (hour === 24 && (minute !== 0 || second !== 0 || isFraction)) return noTime
  let offset = 0
  if (<u32>load<u8>(p) !== quote) {
    if (<u32>load<u8>(p) === space) p++
    const sign = <u32>load<u8>(p)
    if ((sign | 0x20) === 0x7a) p++
    // UTC
    else if ((load<u32>(p) & 0xffffff) === 0x435455) p += 3
    else {
      if (sign !== plus && sign !== minus) return noTime
      const hours = twoDigits(p + 1)
      let minutes: u32 = 0
      p += 3
      if (<u32>load<u8>(p) !== quote) {
        if (load<u8>(p) === 0x3a) p++
        minutes = twoDigits(p)
        p += 2
      }
      if (hours > 23 || minutes > 59) return noTime
      offset = <i32>(hours * 60 + minutes)
      if (sign === minus) offset = -offset
    }
    if (<u32>load<u8>(p) !== quote) return noTime
  }
  return timeInRange(
    days * dayMs + <i64>((<i32>(hour * 60 + minute) - offset) * 60 + <i32>second) * 1000 + <i64>ms,
  )
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
