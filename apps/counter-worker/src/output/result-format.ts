import { csvFormat, ndjsonFormat, type OffsetAt, type ResultFormat } from '@card/results'
import { zoneOffset } from '@card/windowing'
import { type OptionValues, publishedNames } from '../settings/option-table.js'
import { tableFormat } from './table-format.js'

/** How results are written to stdout. */
export function resultFormat(values: OptionValues): ResultFormat {
  const { format, sketches, totals } = values
  const offsetAt = offsetOf(values)
  if (format === 'table') return tableFormat({ windows: publishedNames(values), offsetAt })
  return format === 'csv' ? csvFormat({ sketches, totals, offsetAt }) : ndjsonFormat({ offsetAt })
}

/** How results are written as the values of records. */
export function topicFormat(values: OptionValues): ResultFormat {
  return ndjsonFormat({ offsetAt: offsetOf(values) })
}

function offsetOf({ times, timezone }: OptionValues): OffsetAt | undefined {
  return times === 'local' ? zoneOffset(timezone) : undefined
}
