import { ExitCode, type ExitError, escapeControls, type Logger, statusLine } from '@card/app-kit'
import { adviceText, extentOf } from '../advice/advice-text.js'
import type { Advice } from '../advice/advise.js'
import type { RunSums } from '../advice/run-sums.js'
import { renderSummary, type Summary } from './summary.js'

/** What a run says of itself: as text on stderr where it reads files, through the log where it is a service or is asked to. */
export interface Notices {
  /** The sums at the end. @param seconds that the run took */
  sums(summary: Summary, seconds: number): void
  warn(text: string): void
  /** Little or nothing of what was read so far could be counted. */
  rejected(advice: Advice, sums: RunSums): void
  /** A line for each problem that the run ends with. */
  failed(error: ExitError): void
}

/** Text on stderr, for the person who started the run. */
export const textNotices: Notices = {
  sums: (summary, seconds) => print(renderSummary(summary, seconds).join('\n')),
  warn: (text) => print(`counter-worker: ${text}`),
  rejected: (advice, sums) => print(adviceText(advice, sums).trimEnd()),
  failed: ({ problems }) => {
    for (const problem of problems) print(`counter-worker: ${problem}`)
  },
}

/** Lines of the log, for whatever collects them. @param noun what is counted: `line` or `record` */
export function logNotices(log: Logger, noun: string): Notices {
  return {
    sums: (summary, seconds) =>
      log.info(
        { ...summary, seconds },
        renderSummary(summary, seconds)
          .map((line) => line.trim())
          .join('; '),
      ),
    warn: (text) => log.warn(text),
    rejected: (advice, sums) => {
      const { lines, rejected } = sums
      log.warn({ [`${noun}s`]: lines, rejected, ...advice }, extentOf(sums, noun))
    },
    failed: ({ problems, code }) => {
      for (const problem of problems) log.error({ exitCode: code }, problem)
    },
  }
}

/** Ends the process when a stop takes too long. */
export function stopExpired(notices: Notices): ExitCode {
  notices.warn('stopping took longer than 10 s; anything not written by then is lost')
  return ExitCode.failed
}

function print(text: string): void {
  statusLine.clear()
  process.stderr.write(`${escapeControls(text, '\n')}\n`)
}
