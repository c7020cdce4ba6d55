/** 0001-01-01T00:00:00Z, the first time that is accepted, in ms since the Unix epoch. */
const firstTime = -62135596800000
/** 9999-01-01T00:00:00Z, the first time after those accepted. */
const endOfTime = 253370764800000

/** How a number is read: `auto` by magnitude, below 1e11 as seconds, below 1e14 as milliseconds, else microseconds. */
export type NumericTimeUnit = 'auto' | 's' | 'ms' | 'us'

/** The time itself, or NaN outside the years 0001 to 9998 UTC. */
export function timeInRange(ms: number): number {
  return ms >= firstTime && ms < endOfTime ? ms : Number.NaN
}

/**
 * Reads a JSON number as a time. The decimal digits are shifted, not multiplied as a double: `1.001` seconds are
 * 1001 ms exactly, where 1.001 * 1000 would round down to 1000.
 *
 * @param bytes a valid JSON number in `[start, end)`
 * @returns integer ms since the epoch, fractions rounded down; NaN outside the years 0001 to 9998 UTC
 */
export function readNumericTime(
  bytes: Uint8Array,
  start: number,
  end: number,
  unit: NumericTimeUnit,
): number {
  const negative = bytes[start] === 0x2d
  let i = negative ? start + 1 : start
  while (bytes[i] === 0x30) i++
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
  const scale = unit === 'auto' ? (exponent <= 11 ? 3 : exponent <= 14 ? 0 : -3) : decimalShift(unit)
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

function decimalShift(unit: 's' | 'ms' | 'us'): number {
  return unit === 's' ? 3 : unit === 'ms' ? 0 : -3
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
