import type { CountingOutput } from '../counting/counting-output.js'
import type { OptionValues } from '../settings/option-table.js'

/** The same output, which also says, once, that a bitmap was too small for its window. */
export function warnOfFullBitmap(
  output: CountingOutput,
  { estimator, expected }: OptionValues,
): CountingOutput {
  if (estimator !== 'linear') return output
  let told = false
  return {
    ...output,
    result(result) {
      if (result.upper === null && !told) {
        told = true
        const { window, start } = result
        // Not by the log: Node 20.20, which has looked at a pipe by then, would find no package to load for it.
        process.stderr.write(
          `counter-worker: --expected ${expected} is too small for ${window} from ${new Date(start).toISOString()}: a bitmap is full, so that only lower is known and upper is null (unbounded); raise it, or use --estimator auto\n`,
        )
      }
      output.result(result)
    },
  }
}
