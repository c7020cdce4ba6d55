import { ExitCode, type Failures, quantity, type Stop } from '@card/app-kit'
import type { FrameReader } from '@card/frames'
import type { RunWatch } from './advice/watch-run.js'
import type { RunFigures } from './counting/run-figures.js'
import type { Notices } from './output/notices.js'
import type { Outputs } from './output/outputs.js'
import { emptySummary, type Summary, writeSummary } from './output/summary.js'
import type { OptionValues } from './settings/option-table.js'
import type { Shell } from './shell.js'
import { verdictOf } from './verdict.js'

/** A run whose input has ended, was left at a stop, or has failed. */
export interface RunParts {
  readonly values: OptionValues
  readonly stop: Stop
  readonly reader: FrameReader
  readonly shell: Shell
  readonly figures: RunFigures
  readonly outputs: Outputs
  readonly watch: RunWatch
  readonly notices: Notices
  /** When it began, by `performance.now()`. */
  readonly began: number
}

/**
 * Publishes what is open (after a stop or a failure it is only counted), closes the outputs and writes the sums.
 *
 * @param failures of the run so far
 * @returns the exit code: 65 when the input was read to its end and does not fit, otherwise 0
 * @throws what failed, in the run or here, after the sums are told
 */
export async function endRun(run: RunParts, failures: Failures): Promise<ExitCode> {
  const { values, stop, shell, outputs, watch, notices } = run
  // What was published before a failure is still true, and the sums are known: each is written where it can be.
  const isComplete = stop.reason === null && failures.none
  await failures.of(() => shell.run({ kind: isComplete ? 'end-of-input' : 'stop' }))
  await failures.of(() => outputs.close())
  watch.end(isComplete)
  const summary = summarize(run, shell.unfinished)
  const { summary: path } = values
  if (path !== null) await failures.of(() => writeSummary(path, summary))
  // Nobody reads on, or no file could be read: what failed says it all. A service always tells its sums.
  const isUnread = values.brokers === null && summary.lines === 0 && !failures.none
  const isQuiet = stop.reason === 'closed-output' || isUnread
  if (!isQuiet) report(run, summary)
  failures.throw()
  if (stop.reason !== null) return ExitCode.done
  const { code, problem } = verdictOf(summary, values['max-rejects'])
  if (problem !== null) notices.warn(problem)
  return code
}

/**
 * Ends a run that has read nothing, because it was stopped, or no broker answered, before its input was open: its sums are
 * told all the same.
 *
 * @throws what failed, in the run or here
 */
export async function endUnread(
  { values, notices, began }: Pick<RunParts, 'values' | 'notices' | 'began'>,
  failures: Failures,
): Promise<ExitCode> {
  const { summary: path } = values
  const summary = emptySummary
  if (path !== null) await failures.of(() => writeSummary(path, summary))
  report({ notices, began }, summary)
  failures.throw()
  return ExitCode.done
}

/**
 * Ends a run with durable state: what is open waits in it.
 *
 * @param sums of the partitions that this worker had, since the birth of their state
 * @throws what failed, in the run or here, after the sums are told
 */
export async function endOwned(
  run: Pick<RunParts, 'values' | 'stop' | 'outputs' | 'watch' | 'notices' | 'began'>,
  sums: Omit<Summary, 'unfinished'>,
  failures: Failures,
): Promise<ExitCode> {
  const { values, stop, outputs, watch, notices } = run
  await failures.of(() => outputs.close())
  const isComplete = stop.reason === null && failures.none
  watch.end(isComplete)
  const summary = { ...sums, unfinished: 0 }
  const { summary: path } = values
  if (path !== null) await failures.of(() => writeSummary(path, summary))
  if (stop.reason !== 'closed-output') report(run, summary)
  failures.throw()
  if (stop.reason !== null) return ExitCode.done
  const { code, problem } = verdictOf(summary, values['max-rejects'])
  if (problem !== null) notices.warn(problem)
  return code
}

/** Every sum of a run so far. @param open windows whose latest result was not handed on */
function summarize({ reader, figures, outputs }: RunParts, open: number): Summary {
  const { lines, blank, totalBytes: bytes } = reader
  const { counted, rejected, late, windows: handedOn } = figures.sums
  const { windows } = outputs
  const unfinished = open + handedOn - windows
  return { lines, bytes, blank, counted, rejected, late, unfinished, windows, fallbacks: reader.fallbacks }
}

/** Says how the run went. */
function report({ notices, began }: Pick<RunParts, 'notices' | 'began'>, summary: Summary): void {
  notices.sums(summary, (performance.now() - began) / 1000)
  const ahead = summary.late.ahead ?? 0
  if (ahead > 0) {
    const frames = quantity(ahead, 'frame')
    notices.warn(
      `${frames} ${ahead === 1 ? 'was' : 'were'} too far ahead of all others and not counted; --max-ahead off counts them`,
    )
  }
}
