import { type Groups, type ReadPartials, type ReadProgress, readWireRecord } from '@card/counting'
import { type RecordColumns, recordValue } from '@card/kafka-io'

/**
 * What records of a partition of the partials topic say, in their order. Partials are views of the records, to be absorbed
 * before the columns are used again.
 *
 * @param groups the table of the merger
 * @throws CountingError corrupt-state, newer-format
 */
export function* readPartialsRecords(
  columns: RecordColumns,
  groups: Groups,
): Generator<ReadPartials | ReadProgress, void, undefined> {
  for (let row = 0; row < columns.rows; row++) {
    const value = recordValue(columns, row)
    if (value !== null) yield readWireRecord(value, groups)
  }
}
