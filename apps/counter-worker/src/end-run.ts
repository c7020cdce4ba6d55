import type { FrameReader } from '@card/frames'
import type { CountingCore } from './counting/counting-core.js'
import { renderSummary, type Summary } from './output/summary.js'

/** Every sum of a run so far. */
export function summarize(reader: FrameReader, core: CountingCore, unfinished: number): Summary {
  const { lines, blank, totalBytes: bytes } = reader
  const { counted, rejected, late, windows } = core.sums
  return { lines, bytes, blank, counted, rejected, late, unfinished, windows }
}

/** Says on stderr how the run went. */
export function report(summary: Summary, seconds: number): void {
  process.stderr.write(`${renderSummary(summary, seconds)}\n`)
  const ahead = summary.late.ahead ?? 0
  if (ahead > 0) {
    process.stderr.write(
      `${ahead} of the frames were too far ahead of all others and were not counted; --max-ahead off counts them\n`,
    )
  }
}
