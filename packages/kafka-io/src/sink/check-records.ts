import { badArguments, optionProblems } from '../arguments/check-options.js'
import { bytesOrText, either, isObject, nothing, recordOf, wholeNumber } from '../arguments/rules.js'
import { shown } from '../arguments/shown.js'
import type { SinkRecord } from './split.js'

const bytesTextOrNull = either(bytesOrText, nothing)
const rules = {
  required: { value: bytesTextOrNull },
  optional: {
    key: bytesTextOrNull,
    headers: recordOf(bytesOrText),
    partition: wholeNumber(0, 2 ** 31 - 1),
    timestamp: wholeNumber(0),
  },
}

/** @throws `bad-settings`, naming the first record that is none */
export function checkRecords(records: unknown): asserts records is readonly SinkRecord[] {
  if (!Array.isArray(records))
    throw badArguments('send', [`records: expected an array, found ${shown(records)}`])
  for (const [i, record] of records.entries()) {
    // Most records are right: only one that is not plain is looked at in full.
    if (isPlain(record)) continue
    const problems = optionProblems(record, rules, `records[${i}]`)
    if (problems.length > 0) throw badArguments('send', problems)
  }
}

function isPlain(record: unknown): boolean {
  if (!isObject(record) || record.value === undefined) return false
  for (const name in record) {
    const value = record[name]
    if (name === 'value' || name === 'key') {
      if (typeof value !== 'string' && value !== null && !(value instanceof Uint8Array)) return false
    } else if (name === 'timestamp' || name === 'partition') {
      if (!Number.isInteger(value) || (value as number) < 0) return false
    } else return false
  }
  return true
}
