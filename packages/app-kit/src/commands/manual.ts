import { wrap } from '../terminal/wrap-text.js'

/** A part of the manual behind the options. */
export interface ManualPart {
  readonly title: string
  /** Paragraphs, wrapped to the terminal. */
  readonly text?: readonly string[]
  /** Terms and what they mean: exit codes, say. */
  readonly terms?: readonly (readonly [term: string, meaning: string])[]
  /** Lines that are printed as they are: commands to copy. */
  readonly lines?: readonly string[]
}

/** The parts as `--help` prints them, at most `width` columns wide but for what is copied. */
export function renderManual(parts: readonly ManualPart[], width: number): string {
  return parts.map((part) => `\n${render(part, width).join('\n')}\n`).join('')
}

function render({ title, text = [], terms = [], lines = [] }: ManualPart, width: number): string[] {
  const column = Math.max(0, ...terms.map(([term]) => term.length))
  return [
    `${title}:`,
    ...text.flatMap((paragraph) => wrap(paragraph, width, '  ')),
    ...terms.flatMap(([term, meaning]) => {
      const [first, ...rest] = wrap(meaning, width, ' '.repeat(column + 4))
      return [`  ${term.padEnd(column)}  ${first!.trimStart()}`, ...rest]
    }),
    ...lines.map((line) => `  ${line}`),
  ]
}
