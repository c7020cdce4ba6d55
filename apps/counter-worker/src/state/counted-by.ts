import { baseOf, type CountingOptions } from '@card/counting'
import type { OptionValues } from '../settings/option-table.js'

/** How keys are hashed: part of every exact state and sketch. */
const hash = 'murmur3-x64-128 seed 9001'

/**
 * The settings that states of any other are of no use for, as canonical JSON of what a user would recognize. Sizes above
 * the base, rolling views, outputs, lateness and caps may change.
 */
export function countedBy(values: OptionValues, counting: CountingOptions): string {
  const { counter, timezone } = counting
  return JSON.stringify({
    base: baseOf(counting).name,
    timezone,
    key: values.key,
    time: values.time,
    timeUnit: values['time-unit'],
    groupBy: values['group-by'],
    totals: values.totals,
    hash,
    ...sizeOf(counter),
  })
}

/** What may be merged with one another: an exact limit alone may differ. */
function sizeOf(counter: CountingOptions['counter']): Readonly<Record<string, unknown>> {
  if (counter.estimator !== 'auto') return counter
  const { estimator, precision } = counter
  return { estimator, precision }
}
