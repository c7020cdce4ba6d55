import { check, checkOptions } from './checks.js'
import { csvColumns } from './csv.js'
import { ResultsError, shown } from './errors.js'
import type { Result } from './result.js'
import { checkedResult } from './validate.js'

/** Columns whose text is a number, or empty for null. */
const numbers: ReadonlySet<string> = new Set(['count', 'lower', 'upper', 'confidence', 'events', 'revision'])
const headers = [
  csvColumns(false, false),
  csvColumns(true, false),
  csvColumns(false, true),
  csvColumns(true, true),
]

/**
 * Reads CSV that `csvFormat` wrote, in pieces of any size. Lines may end in CRLF.
 *
 * ```ts
 * const reader = new CsvReader()
 * for await (const text of stream) for (const result of reader.push(text)) show(result)
 * reader.end()
 * ```
 */
export class CsvReader {
  #columns: readonly string[] | null = null
  #record = 1
  /** The unfinished record at the end of the text so far. */
  #rest = ''
  /** How far the rest was searched, and whether that position is inside quotes. */
  #seen = 0
  #quoted = false

  /** @throws ResultsError bad-option: there are no options */
  constructor(options: Readonly<Record<string, never>> = {}) {
    checkOptions('CsvReader', options, [])
  }

  /**
   * Takes a piece of the text and returns the results that it completes.
   *
   * @throws ResultsError bad-csv, missing-field, bad-field, inconsistent; bad-option for anything but a string
   */
  push(text: string): Result[] {
    check(typeof text === 'string', 'text', 'a string (decode bytes first)', text)
    const all = this.#rest + text
    const results: Result[] = []
    let from = 0
    let at = this.#seen
    for (; at < all.length; at++) {
      const unit = all.charCodeAt(at)
      if (unit === 0x22) this.#quoted = !this.#quoted
      else if (unit === 0x0a && !this.#quoted) {
        this.#take(all.slice(from, all.charCodeAt(at - 1) === 0x0d && at > from ? at - 1 : at), results)
        from = at + 1
      }
    }
    this.#rest = all.slice(from)
    this.#seen = at - from
    return results
  }

  /** Ends the text; returns the result of a last line without a line end. @throws ResultsError as `push`, and bad-csv if a quote is not closed */
  end(): Result[] {
    const results: Result[] = []
    if (this.#quoted) this.#refuse('an opening quote without a closing one', 'the rest of the text')
    if (this.#rest !== '') this.#take(this.#rest, results)
    this.#rest = ''
    this.#seen = 0
    return results
  }

  #take(line: string, results: Result[]): void {
    const fields = this.#fields(line)
    if (this.#columns === null) this.#columns = this.#header(fields)
    else results.push(this.#result(this.#columns, fields))
    this.#record++
  }

  #header(fields: readonly (string | null)[]): readonly string[] {
    const columns = headers.find((names) => names.join() === fields.join())
    if (columns !== undefined) return columns
    return this.#refuse(
      `the header ${shown(fields.join())}`,
      `${headers[0]!.join()}, then sketch, then total`,
    )
  }

  #result(columns: readonly string[], fields: readonly (string | null)[]): Result {
    if (fields.length !== columns.length) {
      this.#refuse(`${fields.length} fields`, `${columns.length}, as the header has`)
    }
    const raw = new Map<string, unknown>()
    columns.forEach((column, i) => {
      const text = fields[i]!
      if (text === null && (column === 'sketch' || column === 'total')) return
      if (column === 'total' && text === 'true') raw.set(column, true)
      else raw.set(column, text !== null && numbers.has(column) ? numberOf(text) : text)
    })
    return checkedResult(raw)
  }

  /** The fields of a record; null for one that is empty and not quoted. */
  #fields(line: string): (string | null)[] {
    const fields: (string | null)[] = []
    for (let at = 0; ; ) {
      let text: string | null
      if (line.charCodeAt(at) === 0x22) {
        const close = closingQuote(line, at + 1)
        if (close < 0) this.#refuse('a quote inside a field', 'quotes around the whole field, doubled within')
        text = line.slice(at + 1, close).replaceAll('""', '"')
        at = close + 1
      } else {
        const comma = line.indexOf(',', at)
        const end = comma < 0 ? line.length : comma
        text = end === at ? null : line.slice(at, end)
        if (text?.includes('"')) this.#refuse('a quote inside a field', 'quotes around the whole field')
        at = end
      }
      fields.push(text)
      if (at === line.length) return fields
      if (line.charCodeAt(at) !== 0x2c) this.#refuse('text behind a closing quote', 'a comma or the line end')
      at++
    }
  }

  #refuse(found: string, expected: string): never {
    throw new ResultsError(
      'bad-csv',
      `Found ${found} in record ${this.#record}, expected ${expected}; read only CSV that a counter wrote.`,
    )
  }
}

/** The place of the quote that ends a quoted field; negative: none does. */
function closingQuote(line: string, from: number): number {
  for (let at = line.indexOf('"', from); at >= 0; at = line.indexOf('"', at + 2)) {
    if (line.charCodeAt(at + 1) !== 0x22) return at
  }
  return -1
}

/** A number as JSON writes it; anything else stays a string, which is then refused. */
function numberOf(text: string): number | string {
  return /^(0|[1-9]\d*)(\.\d+)?$/.test(text) ? Number(text) : text
}
