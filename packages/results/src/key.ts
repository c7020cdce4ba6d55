import { checkResult } from './checks.js'
import { ResultsError, shown } from './errors.js'
import { perWindow, quote } from './format.js'
import { panes, type Result, type ResultName } from './result.js'
import { formatUtc, parseTime } from './time.js'

const opening = perWindow(({ window, start }, time) => `[${quote(window)},"${time(start)}",`)

/**
 * The key of a result's record: `["1m","2016-07-11T13:39:00.000Z","video"]`, of a total
 * `["1m","2016-07-11T13:39:00.000Z",null,"total"]`. Always in UTC, so that a compacted topic keeps one record a result.
 *
 * @throws ResultsError not-object, missing-field, bad-field
 */
export function resultKey(result: Result): string {
  checkResult('resultKey', result)
  const { group, total } = result
  if (total === true) return `${opening(result)}null,"total"]`
  return `${opening(result)}${group === null ? 'null' : quote(group)}]`
}

/** The headers of a result's record. @throws ResultsError not-object, missing-field, bad-field */
export function resultHeaders(result: Result): {
  readonly pane: string
  readonly revision: string
} {
  checkResult('resultHeaders', result)
  return { pane: result.pane, revision: String(result.revision) }
}

/** What `resultKey` wrote. @throws ResultsError bad-key */
export function parseResultKey(key: string): ResultName {
  const refuse = (): never => {
    throw new ResultsError(
      'bad-key',
      `Found the key ${shown(key)}, expected [window,start,group] or [window,start,null,"total"] with start in UTC; skip the record, it is not a result.`,
    )
  }
  let parts: unknown
  try {
    parts = JSON.parse(key)
  } catch {
    return refuse()
  }
  if (!Array.isArray(parts) || parts.length < 3 || parts.length > 4) return refuse()
  const [window, text, group, total] = parts as unknown[]
  const isTotal = parts.length === 4
  if (typeof window !== 'string' || window === '' || typeof text !== 'string') return refuse()
  const start = parseTime(text)
  // In another zone the same result would have another key.
  if (Number.isNaN(start) || formatUtc(start) !== text) return refuse()
  if (isTotal) return total === 'total' && group === null ? { window, start, group, total: true } : refuse()
  return group === null || typeof group === 'string' ? { window, start, group } : refuse()
}

/** What `resultHeaders` wrote. @throws ResultsError bad-field */
export function parseResultHeaders(headers: {
  readonly pane?: string | undefined
  readonly revision?: string | undefined
}): Pick<Result, 'pane' | 'revision'> {
  const { pane: paneName, revision } = headers ?? {}
  const pane = panes.find((name) => name === paneName)
  if (pane === undefined || revision === undefined || !/^(0|[1-9]\d{0,14})$/.test(revision)) {
    throw new ResultsError(
      'bad-field',
      `Found the headers pane ${shown(paneName)} and revision ${shown(revision)}, expected one of ${panes.join(', ')} and a whole number; skip the record, it is not a result.`,
    )
  }
  return { pane, revision: Number(revision) }
}
