import type { FrameReader } from '@card/frames'
import { printable } from '../advice/printable.js'

/** Of the lines that are not blank. */
const worthAWarning = 0.01

/** What the figures of a reader say of its scanner. */
export type ScannerFigures = Pick<
  FrameReader,
  'scanning' | 'lines' | 'blank' | 'fallbacks' | 'fallbackExample'
>

/** What to say when more than one in a hundred lines left the scanner; null: few did, or there is no scanner. */
export function fallbackWarning(reader: ScannerFigures): string | null {
  const { scanning, lines, blank, fallbacks, fallbackExample } = reader
  if (!scanning || fallbackExample === null || fallbacks <= worthAWarning * (lines - blank)) return null
  const percent = ((100 * fallbacks) / (lines - blank)).toFixed(1)
  return (
    `${percent} % of the lines were read by JSON.parse, several times slower than the scanner: those nested more than 64 ` +
    `levels deep, with escaped keys of more than 4,000 bytes, or in records of several lines; for example: ${printable(fallbackExample)}`
  )
}
