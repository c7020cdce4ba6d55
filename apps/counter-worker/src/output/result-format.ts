import { csvFormat, ndjsonFormat, type ResultFormat } from '@card/results'
import type { OptionValues } from '../settings/option-table.js'

/** How results are written to stdout. */
export function resultFormat(values: Pick<OptionValues, 'format' | 'sketches' | 'totals'>): ResultFormat {
  return values.format === 'csv'
    ? csvFormat({ sketches: values.sketches, totals: values.totals })
    : ndjsonFormat()
}
