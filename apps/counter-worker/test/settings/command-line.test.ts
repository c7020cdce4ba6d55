import { expect, test } from 'vitest'
import { readCommandLine } from '../../src/settings/command-line.js'

function given(...words: string[]) {
  const invocation = readCommandLine(words, '0')
  if (invocation.command === 'nothing') throw new Error('expected an invocation')
  return invocation.given
}

test('unknown flags and missing values are problems, each told with what may have been meant', () => {
  const { problems, files } = given('--windowz', '1m', 'a.jsonl', '--what=ever', '--lateness', '--config')
  expect(problems).toEqual([
    '--lateness: expected a value (DURATION), found none',
    '--config: expected a value (FILE), found none',
    '--windowz: unknown flag (did you mean "--windows"?); counter-worker --help lists the flags',
    '--what: unknown flag; counter-worker --help lists the flags',
  ])
  expect(files).toEqual(['1m', 'a.jsonl'])
})

test('behind -- everything is a file, a lone dash is stdin', () => {
  expect(given('-', '--sketches', '--', '-x', '--y')).toMatchObject({
    files: ['-', '-x', '--y'],
    problems: [],
  })
  expect(given('config', '--windows', '1h', '--', '-x')).toMatchObject({ files: ['-x'], problems: [] })
  expect(given('config', '--nothing', '--', '-x')).toMatchObject({
    files: ['-x'],
    problems: ['--nothing: unknown flag; counter-worker --help lists the flags'],
  })
})
