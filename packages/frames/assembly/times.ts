import { quote } from './bytes'
import { decoded, decodeText } from './decoding'
import { plainStringEnd } from './fields'
import { isoTime } from './iso-times'
import { numberTime } from './number-times'

import { noTime } from './time-range'

const auto: u32 = 0
const iso: u32 = 5

/** The time at `p` in ms, in this unit: 0 auto, 1 s, 2 ms, 3 us, 4 ns, 5 iso; noTime where it is none. */
export function readTime(p: usize, unit: u32): f64 {
  if (<u32>load<u8>(p) !== quote) return unit === iso ? noTime : numberTime(p, unit, false)
  const time = textTime(p + 1, unit)
  if (time !== noTime || plainStringEnd(p + 1) !== 0) return time
  const length = decodeText(p + 1)
  if (length < 0) return noTime
  const end = decoded + <usize>length
  // A quote ends the text below, and an escaped one is a part of it, as of no time.
  for (let p = decoded; p < end; p++) if (<u32>load<u8>(p) === quote) return noTime
  store<u8>(end, <u8>quote)
  return textTime(decoded, unit)
}

/** The same of the text from `p` on, which ends before a quote. */
function textTime(p: usize, unit: u32): f64 {
  if (unit === iso) return isoTime(p)
  // Each date has a minus there; in a short text of digits another text may, which is behind it.
  if (unit === auto && load<u8>(p, 4) === 0x2d) {
    const time = isoTime(p)
    if (time !== noTime) return time
  }
  return numberTime(p, unit, true)
}
