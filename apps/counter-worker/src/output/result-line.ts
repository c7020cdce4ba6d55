/** What is known of one window when it is published. */
export interface Result {
  /** The size as typed: `1m`. */
  readonly window: string
  /** First instant of the window, ms since the epoch; `end` is the first after it. */
  readonly start: number
  readonly end: number
  readonly group: string | null
  readonly count: number
  readonly lower: number
  /** Null: there is no upper bound, since a bitmap is full. */
  readonly upper: number | null
  readonly estimator: string
  readonly events: number
  readonly pane: 'early' | 'final' | 'corrected'
  readonly revision: number
  /** Base64 of the sketch image, when asked for. */
  readonly sketch?: string
}

/** The confidence at which `lower` and `upper` are given: the two-sigma bounds. */
export const confidence = 0.95

/** How results are written: `header` once, then `line` for each, both with their line end. */
export interface ResultFormat {
  readonly header: string
  line(result: Result): string
}

/** One JSON object a line, keys always in this order. */
const ndjson: ResultFormat = {
  header: '',
  line(result) {
    const { window, start, end, group, count, lower, upper, estimator, events, pane, revision, sketch } =
      result
    const fields = {
      window,
      start: iso(start),
      end: iso(end),
      group,
      count,
      lower,
      upper,
      confidence,
      estimator,
      events,
      pane,
      revision,
    }
    return `${JSON.stringify(sketch === undefined ? fields : { ...fields, sketch })}\n`
  },
}

const columns = 'window,start,end,group,count,lower,upper,confidence,estimator,events,pane,revision'

/** RFC 4180 with a header, the same fields in the same order; null is empty, an empty group is `""`. */
function csv(sketches: boolean): ResultFormat {
  return {
    header: `${columns}${sketches ? ',sketch' : ''}\n`,
    line(result) {
      const { window, start, end, group, count, lower, upper, estimator, events, pane, revision, sketch } =
        result
      const fields = [window, iso(start), iso(end), quoted(group), count, lower, upper ?? '', confidence]
      fields.push(estimator, events, pane, revision)
      if (sketches) fields.push(sketch ?? '')
      return `${fields.join(',')}\n`
    },
  }
}

/** The format of that name; `sketches` says whether results carry the last field. */
export function resultFormat(name: 'ndjson' | 'csv', sketches: boolean): ResultFormat {
  return name === 'csv' ? csv(sketches) : ndjson
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}

function quoted(text: string | null): string {
  if (text === null) return ''
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
