import { escapeControls } from '@card/app-kit'
import { formatLocal, formatUtc, type OffsetAt, type Result, type ResultFormat } from '@card/results'

/** What a table needs to know before its first row, so that rows can be written as they come. */
export interface TableOptions {
  /** Every window name that a result may have. */
  readonly windows: readonly string[]
  /** Write times in the time zone of this offset; undefined: in UTC, which the header says. */
  readonly offsetAt: OffsetAt | undefined
}

/** Columns of figures hold numbers of nine digits; a longer one moves its row to the right. */
const figureWidth = 9

/**
 * Results in aligned columns for a reader at a terminal. The group comes last, since it alone has no greatest width; text
 * that could be taken for something else, or move the cursor, is in quotes and escaped.
 */
export function tableFormat({ windows, offsetAt }: TableOptions): ResultFormat {
  const windowWidth = Math.max('window'.length, ...windows.map((name) => name.length))
  const zone = offsetAt === undefined ? ' (UTC)' : ''
  const timeWidth = '2016-07-11 13:39:00'.length + (offsetAt === undefined ? 0 : ' +02:00'.length)
  const time = (instant: number) =>
    readable(offsetAt === undefined ? formatUtc(instant) : formatLocal(instant, offsetAt)).padEnd(timeWidth)
  const row = (
    [window, start, end]: readonly [string, string, string],
    figures: readonly [count: string, lower: string, upper: string, events: string],
    [estimator, pane, revision, group]: readonly [string, string, string, string],
  ) =>
    [
      window.padEnd(windowWidth),
      start.padEnd(timeWidth),
      end.padEnd(timeWidth),
      ...figures.map((figure) => figure.padStart(figureWidth)),
      estimator.padEnd('estimator'.length),
      pane.padEnd('corrected'.length),
      revision.padStart('revision'.length),
      `${group}\n`,
    ].join('  ')
  return {
    header: row(
      ['window', `start${zone}`, `end${zone}`],
      ['count', 'lower', 'upper', 'events'],
      ['estimator', 'pane', 'revision', 'group'],
    ),
    line(result) {
      const { window, start, end, count, lower, upper, events, estimator, pane, revision } = result
      return row(
        [window, time(start), time(end)],
        [String(count), String(lower), upper === null ? '-' : String(upper), String(events)],
        [estimator, pane, String(revision), groupText(result)],
      )
    },
  }
}

/** `2016-07-11 13:39:00`, with ` +02:00` where there is an offset, and a fraction of a second where there is one. */
function readable(text: string): string {
  return text
    .replace('T', ' ')
    .replace('.000', '')
    .replace(/Z$/, '')
    .replace(/[+-]\d\d:\d\d(:\d\d)?$/, ' $&')
}

function groupText({ group, total }: Result): string {
  if (total === true) return '(total)'
  if (group === null) return '(null)'
  const isPlain =
    group !== '' && group.trim() === group && !/^["(]/.test(group) && escapeControls(group) === group
  if (isPlain) return group
  return escapeControls(JSON.stringify(group))
}
