import { messageOf } from '../exit.js'
import type { Conflict, Given } from './conflict.js'
import { counterOptions, sketchPrecision } from './counter-options.js'
import type { OptionValues } from './option-table.js'

/** Settings that only mean something where the values of a key are counted. */
const ofKeys = ['estimator', 'exact-limit', 'precision', 'error', 'expected', 'sketches'] as const

/** What contradicts how is counted. */
export function countingConflicts(values: OptionValues, given: Given): Conflict[] {
  const conflicts: Conflict[] = []
  if (values.key === null) {
    for (const name of ofKeys) {
      if (!given(name) || values[name] === false) continue
      conflicts.push({
        options: [name, 'key'],
        yielding: [name, 'key'],
        text: `--${name} needs a key to count: with --key none there are only events; leave one of the two out`,
      })
    }
    return conflicts
  }
  if (values.error !== null && given('precision')) {
    conflicts.push({
      options: ['error', 'precision'],
      yielding: ['error', 'precision'],
      text: '--error and --precision both size the sketch: give one of them',
    })
  }
  if (values.estimator === 'linear' && given('precision')) {
    conflicts.push({
      options: ['precision', 'estimator'],
      yielding: ['precision', 'estimator'],
      text: '--precision sizes a sketch: --estimator linear takes --expected and --error',
    })
  }
  if (values.estimator === 'exact' && !values.sketches) {
    for (const name of ['precision', 'error'] as const) {
      if (!given(name)) continue
      conflicts.push({
        options: [name, 'estimator', 'sketches'],
        yielding: [name, 'estimator'],
        text: `--${name} sizes a sketch: with --estimator exact it needs --sketches; leave it out, or use --estimator auto or hll`,
      })
    }
  }
  if (values.estimator !== 'auto' && given('exact-limit')) {
    conflicts.push({
      options: ['exact-limit', 'estimator'],
      yielding: ['exact-limit', 'estimator'],
      text: `--exact-limit needs --estimator auto: ${values.estimator} has no limit`,
    })
  }
  try {
    counterOptions(values)
    if (values.estimator === 'exact' && values.sketches) sketchPrecision(values)
  } catch (error) {
    const { estimator } = values
    const size = values.error !== null ? 'error' : estimator === 'linear' ? 'expected' : 'precision'
    conflicts.push({ options: [size, 'estimator'], text: messageOf(error) })
  }
  if (values.expected !== null && values.estimator !== 'linear') {
    conflicts.push({
      options: ['expected', 'estimator'],
      yielding: ['expected'],
      text: '--expected sizes linear counting: it needs --estimator linear',
    })
  }
  if (values.sketches && (values.estimator === 'linear' || values.estimator === 'ull')) {
    conflicts.push({
      options: ['sketches', 'estimator'],
      yielding: ['sketches', 'estimator'],
      text: `--sketches: ${values.estimator} has no HyperLogLog image; use --estimator auto, exact or hll`,
    })
  }
  return conflicts
}
