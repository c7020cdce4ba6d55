import type { CountingOutput } from '../counting/counting-core.js'
import type { Logger } from '../log.js'
import type { OptionValues } from '../settings/option-table.js'

/** The same output, which also says, once, that a bitmap was too small for its window. */
export function warnOfFullBitmap(
  output: CountingOutput,
  { estimator, expected }: OptionValues,
  log: Logger,
): CountingOutput {
  if (estimator !== 'linear') return output
  let told = false
  return {
    ...output,
    result(result) {
      if (result.upper === null && !told) {
        told = true
        const { window, start } = result
        log.warn(
          { window, start: new Date(start).toISOString() },
          `--expected ${expected} is too small: a bitmap is full, so that only lower is known and upper is null (unbounded); raise it, or use --estimator auto`,
        )
      }
      output.result(result)
    },
  }
}
