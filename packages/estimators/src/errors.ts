/** The closed list of reasons a call to @card/estimators is refused. */
export type EstimatorErrorCode =
  /** A constructor or method was given an unknown option, or a parameter outside its range. */
  | 'bad-option'
  /** A value that cannot be counted: of another type, or a bigint outside of int64. */
  | 'bad-value'
  /** Counters of different kinds or parameters that have no common state. */
  | 'cannot-merge'
  /** Bytes of another kind of counter, or of none. */
  | 'wrong-kind'
  /** Bytes of the right kind in a version that this release does not read. */
  | 'wrong-version'
  /** Bytes of the right kind and version that are cut short, too long or contradict themselves. */
  | 'corrupt-bytes'

/** The one error class of @card/estimators: `code` is stable, the message says what was expected, what was found and what to do. */
export class EstimatorError extends Error {
  override readonly name = 'EstimatorError'
  readonly code: EstimatorErrorCode

  constructor(code: EstimatorErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/** A parameter out of its range. */
export function badOption(name: string, expected: string, found: unknown): EstimatorError {
  return new EstimatorError('bad-option', `${name}: expected ${expected}, found ${shown(found)}`)
}

/** A merge with something other than a counter of the expected class. */
export function cannotMerge(expected: string, found: unknown): EstimatorError {
  return new EstimatorError('cannot-merge', `expected ${expected} to merge with, found ${shown(found)}`)
}

const mostShown = 60

/** Any value as a few words for a message: never its content where that may be megabytes. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(shortened(value))
  if (typeof value === 'function') return shortened(`a function ${value.name}`)
  if (typeof value !== 'object' || value === null) return shortened(String(value))
  if (ArrayBuffer.isView(value)) return `${tagOf(value)} of ${value.byteLength} bytes`
  if (Array.isArray(value)) return `an array of ${value.length}`
  const { kind } = value as { kind?: unknown }
  if (typeof kind !== 'string') return `an object (${tagOf(value)})`
  return 'add' in value
    ? `a counter of kind "${shortened(kind)}"`
    : `an object of kind "${shortened(kind)}" without the methods of a counter (JSON and structuredClone drop them: send toJSON() and read it with fromJSON)`
}

function shortened(text: string): string {
  return text.length > mostShown ? `${text.slice(0, mostShown)}…` : text
}

/** The class of an object, also where it comes from another realm or has no prototype: Uint8Array, Object, Map. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1)
}
