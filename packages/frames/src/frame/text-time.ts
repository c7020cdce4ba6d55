import { readIsoTime } from './iso-time.js'
import type { FrameOptions } from './options.js'
import { isNumericText, readNumericTime } from './read-time.js'

/** The time that the text `bytes[start, end)` spells: digits, or ISO 8601. NaN where it spells none. */
export function readTextTime(
  bytes: Uint8Array,
  start: number,
  end: number,
  unit: FrameOptions['timeUnit'],
): number {
  if (unit !== 'iso' && isNumericText(bytes, start, end)) return readNumericTime(bytes, start, end, unit)
  return unit === 'iso' || unit === 'auto' ? readIsoTime(bytes, start, end) : Number.NaN
}
