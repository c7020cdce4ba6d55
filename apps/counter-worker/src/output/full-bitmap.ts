import type { CountingOutput } from '../counting/counting-output.js'
import type { OptionValues } from '../settings/option-table.js'
import type { Notices } from './notices.js'

/** The same output, which also says, once, that a bitmap was too small for its window. */
export function warnOfFullBitmap(
  output: CountingOutput,
  { estimator, expected }: OptionValues,
  notices: Notices,
): CountingOutput {
  if (estimator !== 'linear') return output
  let warned = false
  return {
    ...output,
    result(result) {
      if (result.upper === null && !warned) {
        warned = true
        const { window, start } = result
        notices.warn(
          `--expected ${expected} is too small for ${window} from ${new Date(start).toISOString()}: a bitmap is full, so only lower is known and upper is null (unbounded); raise --expected, or use --estimator auto`,
        )
      }
      output.result(result)
    },
  }
}
