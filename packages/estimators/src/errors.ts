/** The closed list of reasons a call to @card/estimators is refused. */
export type EstimatorErrorCode =
  /** A constructor or method was given a parameter outside its range. */
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
  return new EstimatorError('bad-option', `${name}: expected ${expected}, found ${String(found)}`)
}

/** A merge with something other than a counter of the expected class. */
export function cannotMerge(
  expected: string,
  found: { readonly kind: string } | null | undefined,
): EstimatorError {
  return new EstimatorError(
    'cannot-merge',
    `expected ${expected} to merge with, found "${found?.kind ?? found}"`,
  )
}
