import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const page = fileURLToPath(new URL('../../../docs/PERFORMANCE.md', import.meta.url))

/**
 * Makes sure before anything is measured that what is to be written has its place on the page.
 *
 * @throws Error when the page has none
 */
export function expectPlaces(names: readonly string[], write: boolean): void {
  const text = readFileSync(page, 'utf8')
  if (write) for (const name of names) placeOf(name, text)
}

/**
 * Prints a report in Markdown, and where asked for puts it into docs/PERFORMANCE.md, between the comments
 * `<!-- begin NAME -->` and `<!-- end NAME -->`.
 *
 * @throws Error when the page has no such place
 */
export function publish(name: string, report: string, write: boolean): void {
  console.log(`\n${report}`)
  if (!write) return
  const text = readFileSync(page, 'utf8')
  const { from, to } = placeOf(name, text)
  writeFileSync(page, `${text.slice(0, from)}\n\n${report.trimEnd()}\n\n${text.slice(to)}`)
}

/** Behind the comment that begins the place, and before the one that ends it. */
function placeOf(name: string, text: string): { from: number; to: number } {
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`]
  const [at, to] = [text.indexOf(begin), text.indexOf(end)]
  if (at < 0 || to < at) throw new Error(`expected "${begin}" and then "${end}" in ${page}: add them`)
  return { from: at + begin.length, to }
}

/** A table in Markdown, padded as the formatter does it; all columns but those named as text are numbers, set to the right. */
export function table(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  text: readonly string[],
): string {
  const widths = heads.map((head, i) => Math.max(3, head.length, ...rows.map((cells) => cells[i]!.length)))
  const rule = heads.map((head, i) =>
    text.includes(head) ? '-'.repeat(widths[i]!) : `${'-'.repeat(widths[i]! - 1)}:`,
  )
  const padded = [heads, ...rows].map((cells) =>
    cells.map((cell, i) => (text.includes(heads[i]!) ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))),
  )
  return [padded[0]!, rule, ...padded.slice(1)].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}
