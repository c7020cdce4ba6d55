import { recommend } from '@card/estimators'
import type { CounterOptions } from '../counting/counters.js'
import type { OptionValues } from './option-table.js'

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
  if (error !== null) return sized(kind, error, null).precision
  if (kind === 'hll' && (precision < 4 || precision > 21)) {
    throw new Error(`expected a precision from 4 to 21, found ${precision}`)
  }
  return precision
}

function bitsOf({ expected, error }: OptionValues): number {
  if (expected === null)
    throw new Error('a bitmap has no size without --expected, the most users of one window')
  return sized('linear', error ?? linearError, expected).bits
}

/** What the estimators recommend for an error in percent. */
function sized(kind: 'linear' | 'hll' | 'ull', error: number, expected: number | null) {
  const { options } = recommend({ kind, error: error / 100, ...(expected === null ? {} : { expected }) })
  return options as { precision: number; bits: number }
}
