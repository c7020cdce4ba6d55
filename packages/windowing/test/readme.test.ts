import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import * as windowing from '../src/index.js'

const readme = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8')
const examples = [...readme.matchAll(/```js\n(.*?)```\n\n```text\n(.*?)```/gs)].map(([, code, output]) => ({
  title: /import \{ (.*?) \}/.exec(code!)![1]!,
  code: code!,
  output: output!,
}))

describe('the examples of the README print what it says', () => {
  it('finds them', () => expect(examples).toHaveLength(2))

  it.each(examples)('$title', ({ code, output }) => {
    const lines: string[] = []
    const log = (...values: unknown[]) =>
      lines.push(values.map((v) => (typeof v === 'string' ? v : inspect(v))).join(' '))
    const body = code.replace(/import (\{.*?\}) from '@card\/windowing'/, 'const $1 = windowing')
    new Function('windowing', 'console', body)(windowing, { log })
    expect(`${lines.join('\n')}\n`).toBe(output)
  })
})
