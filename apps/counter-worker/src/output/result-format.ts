import { csvFormat, ndjsonFormat, type ResultFormat } from '@card/results'
import type { OptionValues } from '../settings/option-table.js'

/** How results are written to stdout. */
export function resultFormat(values: Pick<OptionValues, 'format' | 'sketches'>): ResultFormat {
  return values.format === 'csv' ? csvFormat({ sketches: values.sketches }) : ndjsonFormat()
}
