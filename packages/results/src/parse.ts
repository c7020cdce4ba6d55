import { ResultsError, shown } from './errors.js'
import type { Result } from './result.js'
import { checkedResult, fieldNames, optionalFieldNames } from './validate.js'

const known: ReadonlySet<string> = new Set([...fieldNames, ...optionalFieldNames])

/**
 * Reads one result line: whatever `formatResult` or `ndjsonFormat` wrote, in UTC or with an offset, with or without its
 * line end. The fields may come in any order; every one of them is checked, and what they say together.
 *
 * @throws ResultsError not-json, not-object, missing-field, unknown-field, bad-field, inconsistent
 */
export function parseResult(line: string): Result {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new ResultsError(
      'not-json',
      `Found ${shown(line)}, expected one JSON object; split the input at line ends, and read CSV with CsvReader.`,
    )
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ResultsError('not-object', `Found ${shown(value)}, expected one JSON object a line.`)
  }
  // In a map, names such as __proto__ are names like any other.
  const raw = new Map(Object.entries(value))
  for (const name of raw.keys()) {
    if (known.has(name)) continue
    throw new ResultsError(
      'unknown-field',
      `Found the field ${shown(name)}, expected ${[...known].join(', ')}; if a newer version wrote the line, update this reader.`,
    )
  }
  return checkedResult(raw)
}
