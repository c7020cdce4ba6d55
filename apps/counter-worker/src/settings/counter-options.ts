import type { CounterOptions } from '@card/counting'
import { EstimatorError, recommend } from '@card/estimators'
import type { OptionValues } from './option-table.js'

type SizedKind = 'linear' | 'hll' | 'ull'

/** Percent of standard error that linear counting is sized for unless `--error` says otherwise. */
const linearError = 1

/**
 * The counter that the settings ask for, sized by `--precision`, `--error` or `--expected`.
 *
 * @throws Error that says what is missing or out of reach
 */
export function counterOptions(values: OptionValues): CounterOptions {
  if (values.key === null) return { estimator: 'events' }
  switch (values.estimator) {
    case 'auto':
      return { estimator: 'auto', exactLimit: values['exact-limit'], precision: precisionOf(values, 'hll') }
    case 'exact':
      return { estimator: 'exact' }
    case 'linear':
      return { estimator: 'linear', bits: bitsOf(values) }
    case 'hll':
    case 'ull':
      return { estimator: values.estimator, precision: precisionOf(values, values.estimator) }
  }
}

/** The precision of the HyperLogLog images that results carry. @throws Error when it is out of reach */
export function sketchPrecision(values: OptionValues): number {
  return precisionOf(values, 'hll')
}

function precisionOf({ precision, error }: OptionValues, kind: 'hll' | 'ull'): number {
  if (error !== null) {
    const options = sized(kind, error, null)
    if (options !== null) return options.precision
    const least = leastError(kind, null)
    const most = sized(kind, least, null)!.precision
    throw new Error(`${kind} reaches ${least} % at its greatest precision, ${most}`)
  }
  if (kind === 'hll' && (precision < 4 || precision > 21)) {
    throw new Error(`expected a precision from 4 to 21, found ${precision}`)
  }
  return precision
}

function bitsOf(values: OptionValues): number {
  const { expected } = values
  const error = values.error ?? linearError
  if (expected === null)
    throw new Error('a bitmap has no size without --expected, the most users of one window')
  const options = sized('linear', error, expected)
  if (options !== null) return options.bits
  const least = leastError('linear', expected)
  throw new Error(`linear reaches ${least} % for --expected ${expected}, with its greatest bitmap of 512 MiB`)
}

/** What the estimators recommend for an error in percent; null: it is out of their reach. */
function sized(kind: SizedKind, error: number, expected: number | null) {
  try {
    const { options } = recommend({ kind, error: error / 100, ...(expected !== null && { expected }) })
    return options as { precision: number; bits: number }
  } catch (thrown) {
    if (thrown instanceof EstimatorError) return null
    throw thrown
  }
}

/** The least error, in percent of two digits, that an estimator can be sized for; one of them must be within its reach. */
function leastError(kind: SizedKind, expected: number | null): number {
  // From .001 %, the least that can be asked for.
  for (let exponent = -4; ; exponent++) {
    for (let digits = 10; digits < 100; digits++) {
      const error = Number(`${digits}e${exponent}`)
      if (sized(kind, error, expected) !== null) return error
    }
  }
}
