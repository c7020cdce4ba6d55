import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as results from '../src/index.js'

const readme = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8')
const examples = [...readme.matchAll(/```js\n(.*?)```\n\n```text\n(.*?)```/gs)].map(([, code, output]) => ({
  title: /import \{ (.*?) \}/.exec(code!)![1]!,
  code: code!,
  output: output!,
}))

describe('the examples of the README print what it says', () => {
  it('finds them', () => expect(examples).toHaveLength(3))

  it.each(examples)('$title', ({ code, output }) => {
    const lines: string[] = []
    const log = (...values: unknown[]) => lines.push(values.join(' '))
    const body = code.replace(/import (\{.*?\}) from '@card\/results'/, 'const $1 = results')
    new Function('results', 'console', body)(results, { log })
    expect(`${lines.join('\n')}\n`).toBe(output)
  })

  it('shows a line that the parser reads', () => {
    const line = /```ndjson\n(.*?)\n```/s.exec(readme)![1]!
    expect(results.formatResult(results.parseResult(line))).toBe(line)
  })
})
