import { checkFlag, checkOffsetAt, checkOptions, checkResult } from './checks.js'
import { type NdjsonOptions, perWindow, type ResultFormat } from './format.js'
import { confidence, type Result } from './result.js'
import { fieldNames } from './validate.js'

/** Options of {@link csvFormat}. */
export interface CsvOptions extends NdjsonOptions {
  /** Adds a column for the sketch of results that have one. */
  readonly sketches?: boolean
  /** Adds a last column for totals: `true` or empty. */
  readonly totals?: boolean
}

/** CSV (RFC 4180, but with LF) with a header, the same fields in the same order; null is empty, an empty group is `""`. @throws ResultsError bad-option */
export function csvFormat(options: CsvOptions = {}): ResultFormat {
  checkOptions('csvFormat', options, ['sketches', 'totals', 'offsetAt'])
  const { sketches = false, totals = false, offsetAt } = options
  checkFlag('sketches', sketches)
  checkFlag('totals', totals)
  checkOffsetAt(offsetAt)
  const opening = perWindow(({ window, start, end }, text) => {
    return `${quoted(window)},${text(start)},${text(end)},`
  }, offsetAt)
  return {
    header: `${csvColumns(sketches, totals).join(',')}\n`,
    line(result: Result) {
      checkResult('line', result)
      const { group, count, lower, upper, estimator, events, pane, revision, sketch, total } = result
      const bounds = `${count},${lower},${upper ?? ''},${confidence}`
      const rest = `${estimator},${events},${pane},${revision}`
      const image = sketches ? `,${sketch ?? ''}` : ''
      const last = totals ? `,${total ?? ''}` : ''
      return `${opening(result)}${group === null ? '' : quoted(group)},${bounds},${rest}${image}${last}\n`
    },
  }
}

/** The names in the header. */
export function csvColumns(sketches: boolean, totals: boolean): string[] {
  return [...fieldNames, ...(sketches ? ['sketch'] : []), ...(totals ? ['total'] : [])]
}

function quoted(text: string): string {
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
