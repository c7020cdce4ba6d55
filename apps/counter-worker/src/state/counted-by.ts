import { baseOf, type CountingOptions } from '@card/counting'
import type { OptionValues } from '../settings/option-table.js'

/** How keys are hashed: part of every exact state and sketch. */
const hash = 'murmur3-x64-128 seed 9001'

/**
 * The settings that must match for a saved state to be usable, as canonical JSON in terms a user knows. Outputs, lateness
 * and caps may change.
 */
export function countedBy(values: OptionValues, counting: CountingOptions): string {
  const { counter, timezone } = counting
  return JSON.stringify({
    base: baseOf(counting).name,
    // A size that is added while other workers run without it would lack what they count.
    windows: counting.windows.map(({ name }) => name),
    rolling: counting.rolling.map(({ name }) => name),
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

/** States merge only if these agree; the exact limit may differ. */
function sizeOf(counter: CountingOptions['counter']): Readonly<Record<string, unknown>> {
  if (counter.estimator !== 'auto') return counter
  const { estimator, precision } = counter
  return { estimator, precision }
}
