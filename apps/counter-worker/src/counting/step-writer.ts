import type { Refusal, RefusedRow, Step, WantedLines } from '@card/counting'
import { rejectionReasons } from '@card/frames'
import type { CountingOutput } from './counting-output.js'
import { resultOf } from './result-of.js'

/** Hands steps of the counting core to an output. */
export class StepWriter {
  readonly #output: CountingOutput
  /** Final results so far by the name of the window size. */
  readonly finals = new Map<string, number>()

  constructor(output: CountingOutput) {
    this.#output = output
  }

  write({ results, refused, warnings }: Step): void {
    const output = this.#output
    for (const row of refused) this.#refuse(row)
    if (output.warn !== undefined) for (const warning of warnings) output.warn(warning)
    for (const result of results) {
      const { pane, window } = result
      if (pane === 'final') this.finals.set(window, (this.finals.get(window) ?? 0) + 1)
      output.result(resultOf(result))
    }
  }

  #refuse({ refusal, line: { source, offset, line } }: RefusedRow): void {
    const lateAction = this.#lateAction(refusal)
    if (lateAction !== null) this.#output.late?.(lateAction, { source, offset, line })
    else this.#output.rejected?.(reasonOf(refusal), { source, offset, line })
  }

  /** What is done with a late line; null: it was rejected. */
  #lateAction(refusal: Refusal): string | null {
    if (refusal === 'late') return this.#output.lateAction
    return refusal === 'ahead' || refusal === 'closed' ? refusal : null
  }
}

/** The lines that an output takes, which may change as it goes. */
export function wantedLines(output: CountingOutput): WantedLines {
  return {
    get rejected() {
      return output.rejected !== null
    },
    get late() {
      return output.late !== null
    },
    held: output.held,
  }
}

function reasonOf(refusal: Refusal): string {
  return typeof refusal === 'number' ? rejectionReasons[refusal]! : refusal
}
