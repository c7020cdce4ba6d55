import { messageOf } from '@card/app-kit'
import { counterOptions, sketchPrecision } from './counter-options.js'
import type { SettingsCandidate, SettingsConflict } from './settings-conflict.js'

/** Options that only mean something where the values of a key are counted. */
const ofKeys = ['estimator', 'exact-limit', 'precision', 'error', 'expected', 'sketches'] as const

/** What contradicts the way of counting. */
export function countingConflicts({ values, given, named }: SettingsCandidate): SettingsConflict[] {
  const conflicts: SettingsConflict[] = []
  if (values.key === null) {
    for (const name of ofKeys) {
      if (!given(name) || values[name] === false) continue
      conflicts.push({
        options: [name, 'key'],
        text: `${named(name)} needs a key to count, but ${named('key')} counts events only: remove one of the two`,
      })
    }
    return conflicts
  }
  if (values.error !== null && given('precision')) {
    conflicts.push({
      options: ['error', 'precision'],
      text: `${named('error')} and ${named('precision')} both size the sketch: give one of them`,
    })
  }
  if (values.estimator === 'linear' && given('precision')) {
    conflicts.push({
      options: ['precision', 'estimator'],
      text: `${named('precision')} sizes a sketch, but ${named('estimator')} is sized by --expected or --error: remove it`,
    })
  }
  if (values.estimator === 'exact' && !values.sketches) {
    for (const name of ['precision', 'error'] as const) {
      if (!given(name)) continue
      conflicts.push({
        options: [name, 'estimator', 'sketches'],
        text: `${named(name)} sizes a sketch: with ${named('estimator')} it needs --sketches; remove it, or use --estimator auto or hll`,
      })
    }
  }
  if (values.estimator !== 'auto' && given('exact-limit')) {
    conflicts.push({
      options: ['exact-limit', 'estimator'],
      text: `${named('exact-limit')} needs --estimator auto, found ${named('estimator')}, which has no limit`,
    })
  }
  try {
    counterOptions(values)
    if (values.estimator === 'exact' && values.sketches) sketchPrecision(values)
  } catch (error) {
    const { estimator } = values
    const size = values.error !== null ? 'error' : estimator === 'linear' ? 'expected' : 'precision'
    const options = [size, 'estimator'] as const
    conflicts.push({ options, text: `${named(options[values.error === null ? 1 : 0])}: ${messageOf(error)}` })
  }
  if (values.expected !== null && values.estimator !== 'linear') {
    conflicts.push({
      options: ['expected', 'estimator'],
      text: `${named('expected')} sizes linear counting: it needs --estimator linear, found ${named('estimator')}`,
    })
  }
  if (values.sketches && (values.estimator === 'linear' || values.estimator === 'ull')) {
    conflicts.push({
      options: ['sketches', 'estimator'],
      text: `${named('sketches')} needs a HyperLogLog, found ${named('estimator')}: use --estimator auto, exact or hll`,
    })
  }
  return conflicts
}
