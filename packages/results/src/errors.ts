/** The closed list of reasons a text is refused as a result. */
export type ResultsErrorCode =
  /** Not JSON. */
  | 'not-json'
  /** JSON, but not an object. */
  | 'not-object'
  /** A field of every result is absent. */
  | 'missing-field'
  /** A field that no result has. */
  | 'unknown-field'
  /** A field has another type or range than it should. */
  | 'bad-field'
  /** Fields that are each in range contradict each other. */
  | 'inconsistent'
  /** A record key is not `[window,start,group]` or `[window,start,null,"total"]`. */
  | 'bad-key'
  /** The header, the quoting or the number of fields of CSV. */
  | 'bad-csv'
  /** An option out of its range. */
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

/** A value for a message, shortened so that a hostile one stays a line. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' || typeof value === 'object' ? JSON.stringify(value) : String(value)
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`
}
