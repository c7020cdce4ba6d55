import { counterOptions } from '../counting/counter-options.js'
import { messageOf } from '../exit.js'
import type { OptionName, OptionValues } from './option-table.js'
import type { Origin } from './settings.js'

/** A combination of settings that cannot be meant. */
export interface Conflict {
  readonly options: readonly OptionName[]
  readonly text: string
}

/** Every conflict between settings that are each in range. */
export function crossChecks(values: OptionValues, origins: ReadonlyMap<OptionName, Origin>): Conflict[] {
  const conflicts: Conflict[] = []
  const given = (name: OptionName) => origins.get(name)?.kind !== 'default'
  if (values.error !== null && given('precision')) {
    conflicts.push({
      options: ['error', 'precision'],
      text: '--error and --precision both size the sketch: give one of them',
    })
  }
  try {
    counterOptions(values)
  } catch (error) {
    const { estimator } = values
    const size = values.error !== null ? 'error' : estimator === 'linear' ? 'expected' : 'precision'
    conflicts.push({ options: [size, 'estimator'], text: `--estimator ${estimator}: ${messageOf(error)}` })
  }
  if (values.expected !== null && values.estimator !== 'linear') {
    conflicts.push({
      options: ['expected'],
      text: '--expected sizes linear counting: it needs --estimator linear',
    })
  }
  if (values.sketches && (values.estimator === 'linear' || values.estimator === 'ull')) {
    conflicts.push({
      options: ['sketches', 'estimator'],
      text: `--sketches: ${values.estimator} has no HyperLogLog image; use --estimator auto, exact or hll`,
    })
  }
  if (values.sketches && values.key === null) {
    conflicts.push({
      options: ['sketches'],
      text: '--sketches needs a key to count: with --key none there is no sketch',
    })
  }
  if (values['group-by'] === null) {
    for (const name of ['max-groups', 'group-overflow'] as const) {
      if (given(name)) conflicts.push({ options: [name], text: `--${name} needs --group-by` })
    }
  }
  const [whole, day] = [
    values.windows.find((window) => window.kind === 'fixed' && window.milliseconds === 86_400_000),
    values.windows.find((window) => window.kind === 'calendar' && window.unit === 'day'),
  ]
  if (whole !== undefined && day !== undefined && values.timezone === 'UTC') {
    conflicts.push({
      options: ['windows'],
      text: `--windows: ${whole.name} and ${day.name} are one size in UTC: name it once`,
    })
  }
  return conflicts
}
