import { badArguments, type OptionRules, optionProblems } from './check-options.js'
import {
  bytesOrText,
  either,
  isObject,
  nothing,
  partitionNumber,
  recordOf,
  text,
  wholeNumber,
} from './rules.js'
import { shown } from './shown.js'

const bytesTextOrNull = either(bytesOrText, nothing)
const parts = { key: bytesTextOrNull, headers: recordOf(bytesOrText), timestamp: wholeNumber(0) }

/** A record whose topic is given separately, and whose partition may follow from its key. */
export const sinkRecord: OptionRules = {
  required: { value: bytesTextOrNull },
  optional: { ...parts, partition: partitionNumber },
}

/** A record that names where it goes. */
export const placedRecord: OptionRules = {
  required: { topic: text, partition: partitionNumber, value: bytesTextOrNull },
  optional: parts,
}

/** @throws `bad-settings`, naming the first record that is none */
export function checkRecords(records: unknown, rules: OptionRules): void {
  if (!Array.isArray(records))
    throw badArguments('send', [`records: expected an array, found ${shown(records)}`])
  const required = Object.keys(rules.required!)
  for (const [i, record] of records.entries()) {
    // Nearly all records are right: only one that fails the short check is examined in full.
    if (isPlain(record, required)) continue
    const problems = optionProblems(record, rules, `records[${i}]`)
    if (problems.length > 0) throw badArguments('send', problems)
  }
}

function isPlain(record: unknown, required: readonly string[]): boolean {
  if (!isObject(record)) return false
  for (const name of required) if (record[name] === undefined) return false
  for (const name in record) {
    const value = record[name]
    if (name === 'value' || name === 'key') {
      if (typeof value !== 'string' && value !== null && !(value instanceof Uint8Array)) return false
    } else if (name === 'partition') {
      if (!partitionNumber.accepts(value)) return false
    } else if (name === 'timestamp') {
      if (!Number.isSafeInteger(value) || (value as number) < 0) return false
    } else if (name !== 'topic' || !required.includes(name) || !text.accepts(value)) return false
  }
  return true
}
