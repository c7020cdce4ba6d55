import { writeFileSync } from 'node:fs'
import { ExitCode, ExitError, messageOf, quantity, withCommas } from '@card/app-kit'

/** Every sum of a run: lines = blank + counted + rejected + late. */
export interface Summary {
  readonly lines: number
  readonly bytes: number
  readonly blank: number
  readonly counted: number
  readonly rejected: Readonly<Record<string, number>>
  readonly late: Readonly<Record<string, number>>
  /** Windows, counted for each group, whose latest result was not written: open at a signal or a failure, or lost by one. */
  readonly unfinished: number
  /** Distinct (window, start, group) whose results were written. */
  readonly windows: number
  /** Lines that left the fast scanner and were judged by JSON.parse. */
  readonly fallbacks: number
}

/** The sums of a run that has read nothing. */
export const emptySummary: Summary = {
  lines: 0,
  bytes: 0,
  blank: 0,
  counted: 0,
  rejected: {},
  late: {},
  unfinished: 0,
  windows: 0,
  fallbacks: 0,
}

/** @throws ExitError (1) when the file cannot be written */
export function writeSummary(path: string, summary: Summary): void {
  try {
    writeFileSync(path, `${JSON.stringify(summary)}\n`)
  } catch (error) {
    throw new ExitError(ExitCode.failed, [`cannot write ${path}: ${messageOf(error)}`])
  }
}

/** The sums in lines that a person reads. */
export function renderSummary(summary: Summary, seconds: number): string[] {
  const { lines, bytes, blank, counted, rejected, late, unfinished, windows } = summary
  const rate =
    seconds > 0 ? ` (${withCommas(lines / seconds)} lines/s, ${(bytes / seconds / 1e6).toFixed(1)} MB/s)` : ''
  return [
    `${quantity(lines, 'line')}, ${(bytes / 1e6).toFixed(1)} MB in ${seconds.toFixed(2)} s${rate}`,
    `  counted ${withCommas(counted)}, rejected ${parts(rejected)}, late ${parts(late)}, blank ${withCommas(blank)}`,
    `  windows published ${withCommas(windows)}${unfinished > 0 ? `, unfinished ${withCommas(unfinished)}` : ''}`,
  ]
}

function parts(sums: Readonly<Record<string, number>>): string {
  const entries = Object.entries(sums)
  const total = entries.reduce((sum, [, count]) => sum + count, 0)
  if (total === 0) return '0'
  return `${withCommas(total)} (${entries.map(([name, count]) => `${name} ${withCommas(count)}`).join(', ')})`
}
