import { readFileSync } from 'node:fs'

/** A block of TypeScript or JavaScript in a page of documentation. */
export interface CodeBlock {
  readonly language: 'ts' | 'js'
  readonly code: string
  /** Line of the page where the block begins, from 1. */
  readonly line: number
  /** What it prints: a `text` block right after it, or the comments behind every `console.log`; null: not stated. */
  readonly output: string | null
}

/** The blocks of a Markdown file, as they stand. */
export function codeBlocks(path: string): CodeBlock[] {
  const page = readFileSync(path, 'utf8')
  return [...page.matchAll(/^```(ts|typescript|js|javascript)\n(.*?)^```\n(?:\n```text\n(.*?)^```)?/gms)].map(
    ({ 1: language, 2: code, 3: text, index }) => ({
      language: language!.startsWith('t') ? 'ts' : 'js',
      code: code!,
      line: page.slice(0, index).split('\n').length,
      output: text ?? commentedOutput(code!),
    }),
  )
}

function commentedOutput(code: string): string | null {
  const comments = [...code.matchAll(/console\.log\(.*\) \/\/ (.*)/g)].map(([, comment]) => comment!)
  return comments.length > 0 && comments.length === code.split('console.log(').length - 1
    ? `${comments.join('\n')}\n`
    : null
}
