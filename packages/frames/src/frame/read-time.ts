import { timeInRange } from './time-range.js'

/**
 * How a number is read: `auto` by magnitude, below 1e11 as seconds, below 1e14 as milliseconds, below 1e17 as
 * microseconds, else as nanoseconds.
 */
export type NumericTimeUnit = 'auto' | 's' | 'ms' | 'us' | 'ns'

/**
 * Reads a JSON number as a time. The decimal digits are shifted, not multiplied as a double: `1.001` seconds are
 * 1001 ms exactly, where 1.001 * 1000 would round down to 1000.
 *
 * @param bytes in `[start, end)` a valid JSON number, or what `isNumericText` accepts
 * @returns integer ms since the epoch, fractions rounded down; NaN outside the years 0001 to 9998 UTC
 */
export function readNumericTime(
  bytes: Uint8Array,
  start: number,
  end: number,
  unit: NumericTimeUnit,
): number {
  const negative = bytes[start] === 0x2d
  let i = negative || bytes[start] === 0x2b ? start + 1 : start
  while (i < end && bytes[i] === 0x30) i++
  let exponent = 0
  // From the first digit that is not zero on: the value is 0.DIGITS * 10 ** exponent.
  if (i < end && bytes[i] === 0x2e) {
    i++
    while (i < end && bytes[i] === 0x30) {
      i++
      exponent--
    }
  } else {
    let k = i
    while (k < end && isDigit(bytes[k]!)) k++
    exponent = k - i
  }
  const digits = i
  while (i < end && (isDigit(bytes[i]!) || bytes[i] === 0x2e)) i++
  if (i === digits) return 0
  const digitsEnd = i
  exponent += writtenExponent(bytes, i, end)

  // Exact: 0.DIGITS * 10 ** n is below 10 ** n, and not below 10 ** (n - 1).
  const scale = decimalShift(unit === 'auto' ? unitOfMagnitude(exponent) : unit)
  const wholeDigits = exponent + scale
  if (wholeDigits > 15) return Number.NaN
  let ms = 0
  let taken = 0
  let remainder = false
  for (let k = digits; k < digitsEnd; k++) {
    const byte = bytes[k]!
    if (byte === 0x2e) continue
    if (taken < wholeDigits) {
      ms = ms * 10 + (byte - 0x30)
      taken++
    } else if (byte !== 0x30) {
      remainder = true
      break
    }
  }
  for (; taken < wholeDigits; taken++) ms *= 10
  return timeInRange(negative ? 0 - ms - (remainder ? 1 : 0) : ms)
}

/** Whether a text is digits, with a sign and a fraction or without. */
export function isNumericText(bytes: Uint8Array, start: number, end: number): boolean {
  let i = bytes[start] === 0x2d || bytes[start] === 0x2b ? start + 1 : start
  const whole = i
  while (i < end && isDigit(bytes[i]!)) i++
  if (i === whole) return false
  if (i === end) return true
  const fraction = i + 1
  if (bytes[i++] !== 0x2e || fraction === end) return false
  while (i < end && isDigit(bytes[i]!)) i++
  return i === end
}

/** @param exponent the magnitude is below 10 ** exponent, and not below 10 ** (exponent - 1) */
function unitOfMagnitude(exponent: number): 's' | 'ms' | 'us' | 'ns' {
  if (exponent <= 11) return 's'
  if (exponent <= 14) return 'ms'
  return exponent <= 17 ? 'us' : 'ns'
}

/** By how many digits the point moves to the right to make milliseconds of the unit. */
function decimalShift(unit: 's' | 'ms' | 'us' | 'ns'): number {
  if (unit === 's') return 3
  if (unit === 'ms') return 0
  return unit === 'us' ? -3 : -6
}

/** The exponent written at `i`, 0 if there is none; a very long one saturates far outside any time. */
function writtenExponent(bytes: Uint8Array, i: number, end: number): number {
  if (i >= end) return 0
  let k = i + 1
  const negative = bytes[k] === 0x2d
  if (negative || bytes[k] === 0x2b) k++
  let value = 0
  for (; k < end; k++) value = Math.min(value * 10 + (bytes[k]! - 0x30), 1e12)
  return negative ? -value : value
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}
