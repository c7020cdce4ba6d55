import { isDelimiter, isDigit, minus, plus, point, quote, zero } from './bytes'
import { noTime, timeInRange } from './time-range'

const seconds: u32 = 1
const milliseconds: u32 = 2
const microseconds: u32 = 3
const nanoseconds: u32 = 4

/**
 * The time in ms of the number at `p`, rounded down.
 *
 * @param unit 0 auto, 1 s, 2 ms, 3 us, 4 ns
 * @param isText digits, with a sign and a fraction or without, that end before a quote; otherwise a number of JSON
 */
export function numberTime(p: usize, unit: u32, isText: bool): f64 {
  const start = p
  let value: u64 = 0
  let eight = load<u64>(p)
  if (areDigits(eight)) {
    value = eightDigits(eight)
    p += 8
    eight = load<u64>(p)
    if (areDigits(eight)) {
      value = value * 100000000 + eightDigits(eight)
      p += 8
    }
  }
  let digit = <u32>load<u8>(p) - zero
  while (digit < 10) {
    value = value * 10 + <u64>digit
    digit = <u32>load<u8>(++p) - zero
  }
  const length = p - start
  // A u64 holds 19 digits.
  if (length - 1 > 18) return anyNumberTime(start, unit, isText)
  if (!isText && <u32>load<u8>(start) === zero && length > 1) return noTime
  let thousandths: u64 = 0
  if (<u32>load<u8>(p) === point) {
    const first = ++p
    digit = <u32>load<u8>(p) - zero
    for (let place: u32 = 100; digit < 10; place /= 10) {
      thousandths += <u64>(place * digit)
      digit = <u32>load<u8>(++p) - zero
    }
    if (p === first) return noTime
  }
  const end = <u32>load<u8>(p)
  if (isText ? end !== quote : !isDelimiter(end)) return isText ? noTime : anyNumberTime(start, unit, false)
  if (unit === 0) unit = unitOfMagnitude(value)
  // As a signed number one of 19 digits may be negative.
  if (unit === milliseconds) return value < 1000000000000000 ? timeInRange(<i64>value) : noTime
  if (unit === microseconds) return timeInRange(<i64>(value / 1000))
  if (unit === nanoseconds) return timeInRange(<i64>(value / 1000000))
  return value < 1000000000000 ? timeInRange(<i64>(value * 1000 + thousandths)) : noTime
}

/** The bounds are whole numbers, so that a fraction changes nothing. */
function unitOfMagnitude(value: u64): u32 {
  if (value < 100000000000) return seconds
  if (value < 100000000000000) return milliseconds
  return value < 100000000000000000 ? microseconds : nanoseconds
}

/**
 * The same of numbers with a sign, an exponent or any number of digits. The point is moved among the digits, as in
 * src/frame/read-time.ts.
 */
function anyNumberTime(p: usize, unit: u32, isText: bool): f64 {
  const sign = <u32>load<u8>(p)
  const isNegative = sign === minus
  if (isNegative || (isText && sign === plus)) p++
  if (!isDigit(<u32>load<u8>(p))) return noTime
  while (<u32>load<u8>(p) === zero) p++
  const first = p
  let exponent: i64 = 0
  while (isDigit(<u32>load<u8>(p))) p++
  let digits = first
  if (p === first && <u32>load<u8>(p) === point) {
    // 0.00DIGITS
    digits = p + 1
    while (load<u8>(digits) === 0x30) digits++
    exponent = <i64>(p + 1) - <i64>digits
  } else exponent = <i64>(p - first)
  if (<u32>load<u8>(p) === point) {
    const fraction = ++p
    while (isDigit(<u32>load<u8>(p))) p++
    if (p === fraction) return noTime
  }
  const digitsEnd = p
  if (!isText && (load<u8>(p) | 0x20) === 0x65) {
    p = readExponent(p + 1)
    if (p === 0) return noTime
    exponent += writtenExponent
  }
  const end = <u32>load<u8>(p)
  if (isText ? end !== quote : !isDelimiter(end)) return noTime
  if (digits >= digitsEnd) return 0
  const wholeDigits = exponent + shiftOf(unit === 0 ? unitOfDigits(exponent) : unit)
  if (wholeDigits > 15) return noTime
  let ms: i64 = 0
  let taken: i64 = 0
  let isFraction = false
  for (let q = digits; q < digitsEnd; q++) {
    const digit = <u32>load<u8>(q) - zero
    if (digit > 9) continue
    if (taken < wholeDigits) {
      ms = ms * 10 + <i64>digit
      taken++
    } else if (digit !== 0) {
      isFraction = true
      break
    }
  }
  for (; taken < wholeDigits; taken++) ms *= 10
  return timeInRange(isNegative ? -ms - <i64>isFraction : ms)
}

let writtenExponent: i64 = 0

/** Reads the exponent behind its letter; a long one saturates far outside any time. @returns the address behind it, 0 for none */
function readExponent(p: usize): usize {
  const sign = <u32>load<u8>(p)
  if (sign === minus || sign === plus) p++
  if (!isDigit(<u32>load<u8>(p))) return 0
  let value: i64 = 0
  for (; isDigit(<u32>load<u8>(p)); p++) {
    value = value * 10 + <i64>(<u32>load<u8>(p) - zero)
    if (value > 1000000000000) value = 1000000000000
  }
  writtenExponent = sign === minus ? -value : value
  return p
}

/** @param exponent the magnitude is below 10 ** exponent, and not below 10 ** (exponent - 1) */
function unitOfDigits(exponent: i64): u32 {
  if (exponent <= 11) return seconds
  if (exponent <= 14) return milliseconds
  return exponent <= 17 ? microseconds : nanoseconds
}

/** By how many digits the point moves to the right to make milliseconds of the unit. */
function shiftOf(unit: u32): i64 {
  if (unit === seconds) return 3
  if (unit === milliseconds) return 0
  return unit === microseconds ? -3 : -6
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
