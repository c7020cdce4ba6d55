import type { RefusedLine } from '@card/counting'
import type { CountingOutput } from '../counting/counting-output.js'

/** Lines kept: enough to know a format by, few enough to cost nothing. */
const sampleSize = 100
/** Of a longer line only the beginning is kept. */
const longestLine = 64 * 1024

/** Copies of the first rejected lines of a run, with their reasons. */
export class RejectsSample {
  readonly lines: (RefusedLine & { readonly reason: string })[] = []

  /** The output, which lets this sample see rejected lines until it is full; then a line costs as much as without it. */
  watching(output: CountingOutput): CountingOutput {
    const sampled = (reason: string, line: RefusedLine) => {
      this.#add(reason, line)
      output.rejected?.(reason, line)
    }
    return Object.create(output, {
      rejected: { get: () => (this.lines.length < sampleSize ? sampled : output.rejected) },
    })
  }

  #add(reason: string, { source, offset, line }: RefusedLine): void {
    this.lines.push({ reason, source, offset, line: line.slice(0, longestLine) })
  }
}
