import { checkOffsetAt, checkOptions, checkResult } from './checks.js'
import { confidence, type Result } from './result.js'
import { formatLocal, formatUtc, type OffsetAt } from './time.js'

/** How results are written: `header` once, then one `line` per result; both end with a line end. */
export interface ResultFormat {
  readonly header: string
  /** @throws ResultsError not-object, missing-field, bad-field for anything but a result */
  line(result: Result): string
}

/** Options of {@link ndjsonFormat}. */
export interface NdjsonOptions {
  /** Write `start` and `end` in the time zone of this offset; default UTC. */
  readonly offsetAt?: OffsetAt | undefined
}

/** One JSON object a line, the fields always in one order: `sketch` and `total` last, where they are. @throws ResultsError bad-option */
export function ndjsonFormat(options: NdjsonOptions = {}): ResultFormat {
  checkOptions('ndjsonFormat', options, ['offsetAt'])
  checkOffsetAt(options.offsetAt)
  const opening = perWindow(({ window, start, end }, text) => {
    return `{"window":${quote(window)},"start":"${text(start)}","end":"${text(end)}","group":`
  }, options.offsetAt)
  return {
    header: '',
    line(result) {
      checkResult('line', result)
      const { group, count, lower, upper, estimator, events, pane, revision, sketch, total } = result
      const bounds = `"count":${count},"lower":${lower},"upper":${upper},"confidence":${confidence}`
      const rest = `"estimator":"${estimator}","events":${events},"pane":"${pane}","revision":${revision}`
      const image = sketch === undefined ? '' : `,"sketch":"${sketch}"`
      const last = total === true ? ',"total":true' : ''
      return `${opening(result)}${group === null ? 'null' : quote(group)},${bounds},${rest}${image}${last}}\n`
    },
  }
}

const utc = ndjsonFormat()

/** A result as one line of JSON without its line end, times in UTC. @throws ResultsError not-object, missing-field, bad-field */
export function formatResult(result: Result): string {
  return utc.line(result).slice(0, -1)
}

type WindowOf = Pick<Result, 'window' | 'start' | 'end'>

/** Makes a text once for all results of a window: these usually follow each other, and formatting times is the largest cost. */
export function perWindow(
  make: (of: WindowOf, time: (time: number) => string) => string,
  offsetAt?: OffsetAt,
): (of: WindowOf) => string {
  const time = offsetAt === undefined ? formatUtc : (instant: number) => formatLocal(instant, offsetAt)
  let window = ''
  let start = Number.NaN
  let end = Number.NaN
  let text = ''
  return (of) => {
    if (of.start !== start || of.end !== end || of.window !== window) {
      window = of.window
      start = of.start
      end = of.end
      text = make(of, time)
    }
    return text
  }
}

/** A JSON string. Most need no escapes, and then this is several times as fast as `JSON.stringify`. */
export function quote(text: string): string {
  return needsEscapes.test(text) ? JSON.stringify(text) : `"${text}"`
}

// What JSON.stringify escapes: quotes, backslashes, control characters and lone surrogates (here any surrogate).
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON escapes exactly these
const needsEscapes = /["\\\u0000-\u001f\ud800-\udfff]/
