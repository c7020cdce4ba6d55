/** Why a text, a result or an option is refused. The list is closed. */
export type ResultsErrorCode =
  /** Not JSON. */
  | 'not-json'
  /** Not an object: the JSON of a line, or what was passed as a result. */
  | 'not-object'
  /** A field of every result is absent. */
  | 'missing-field'
  /** A field that no result has. */
  | 'unknown-field'
  /** A field has the wrong type or range. */
  | 'bad-field'
  /** Fields that are each in range contradict each other. */
  | 'inconsistent'
  /** A record key is not `[window,start,group]` or `[window,start,null,"total"]`. */
  | 'bad-key'
  /** The header, the quoting or the number of fields of CSV. */
  | 'bad-csv'
  /** An option or argument of the wrong type or range, or an option that does not exist. */
  | 'bad-option'

/** The one error class of @card/results: `code` is stable, the message says what was found, what was expected and what to do. */
export class ResultsError extends Error {
  override readonly name = 'ResultsError'
  readonly code: ResultsErrorCode

  constructor(code: ResultsErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/** A value for a message, shortened so that it stays on one line. */
export function shown(value: unknown): string {
  const text = textOf(value)
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`
}

function textOf(value: unknown): string {
  if (typeof value === 'function') return 'a function'
  if (typeof value !== 'string' && typeof value !== 'object') return String(value)
  try {
    return JSON.stringify(value) ?? 'an object'
  } catch {
    return 'an object' // circular, or with a bigint
  }
}
