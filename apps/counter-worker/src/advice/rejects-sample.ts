import type { RefusedLine } from '@card/counting'
import type { CountingOutput } from '../counting/counting-output.js'

/** Lines kept: enough to know a format by, few enough to cost nothing. */
const sampleSize = 100
/** Bytes kept, as looking at more would take long. */
const sampleBytes = 4 * 1024 * 1024
/** Bytes kept of a first line that is longer than that. */
const beginning = 64 * 1024

/** Copies of the first rejected lines of a run, with their reasons: whole, as a part of an object is no JSON. */
export class RejectsSample {
  readonly lines: (RefusedLine & { readonly reason: string })[] = []
  #bytes = 0

  /** The output, which lets this sample see rejected lines until it is full; then a line costs as much as without it. */
  watching(output: CountingOutput): CountingOutput {
    const sampled = (reason: string, line: RefusedLine) => {
      this.#add(reason, line)
      output.rejected?.(reason, line)
    }
    return Object.create(output, {
      rejected: { get: () => (this.#isFull ? output.rejected : sampled) },
    })
  }

  #add(reason: string, { source, offset, line }: RefusedLine): void {
    if (this.#isFull) return
    const before = this.#bytes
    this.#bytes += line.length
    if (this.#bytes <= sampleBytes) this.lines.push({ reason, source, offset, line: line.slice() })
    else if (before === 0) this.lines.push({ reason, source, offset, line: line.slice(0, beginning) })
  }

  get #isFull(): boolean {
    return this.lines.length >= sampleSize || this.#bytes >= sampleBytes
  }
}
