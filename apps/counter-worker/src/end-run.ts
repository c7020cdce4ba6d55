import type { Failures, Stop } from '@card/app-kit'
import type { FrameReader } from '@card/frames'
import type { CountingCore } from './counting/counting-core.js'
import type { Notices } from './output/notices.js'
import type { Outputs } from './output/outputs.js'
import { type Summary, writeSummary } from './output/summary.js'
import type { OptionValues } from './settings/option-table.js'

/** A run whose input has ended, was left at a stop, or has failed. */
export interface RunParts {
  readonly values: OptionValues
  readonly stop: Stop
  readonly reader: FrameReader
  readonly core: CountingCore
  readonly outputs: Outputs
  readonly notices: Notices
  /** When it began, by `performance.now()`. */
  readonly began: number
}

/**
 * Publishes what is open (after a stop or a failure it is only counted), closes the outputs and writes the sums.
 *
 * @param failures of the run so far
 * @throws what failed, in the run or here
 */
export async function endRun(run: RunParts, failures: Failures): Promise<void> {
  const { values, stop, reader, core, outputs, notices, began } = run
  // What was published before a failure is still true, and the sums are known: each is written where it can be.
  let unfinished = 0
  if (stop.reason === null && failures.none) await failures.of(() => core.flush())
  else {
    unfinished = core.unfinished
    await failures.of(() => outputs.abandonHeld())
  }
  await failures.of(() => outputs.close())
  const summary = summarize(reader, core, unfinished)
  const { summary: path } = values
  if (path !== null) await failures.of(() => writeSummary(path, summary))
  failures.throw()
  if (stop.reason !== 'closed-output') report(summary, (performance.now() - began) / 1000, notices)
}

/** Every sum of a run so far. */
function summarize(reader: FrameReader, core: CountingCore, unfinished: number): Summary {
  const { lines, blank, totalBytes: bytes } = reader
  const { counted, rejected, late, windows } = core.sums
  return { lines, bytes, blank, counted, rejected, late, unfinished, windows }
}

/** Says how the run went. */
function report(summary: Summary, seconds: number, notices: Notices): void {
  notices.sums(summary, seconds)
  const ahead = summary.late.ahead ?? 0
  if (ahead > 0) {
    notices.warn(
      `${ahead} frames were too far ahead of all others and were not counted; --max-ahead off counts them`,
    )
  }
}
