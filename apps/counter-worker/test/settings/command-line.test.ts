import { readCommandLine } from '@card/app-kit'
import { expect, test } from 'vitest'
import { program } from '../../src/settings/program.js'

function given(...words: string[]) {
  const invocation = readCommandLine(program, words)
  if (invocation === null) throw new Error('expected an invocation')
  return invocation.given
}

test('unknown flags and missing values are problems, each told with what may have been meant', () => {
  const { problems, operands } = given('--windowz', '1m', 'a.jsonl', '--what=ever', '--lateness', '--config')
  expect(problems).toEqual([
    '--lateness: expected a value (DURATION), found none',
    '--config: expected a value (FILE), found none',
    '--windowz: unknown flag (did you mean "--windows"?); counter-worker --help lists the flags',
    '--what: unknown flag; counter-worker --help lists the flags',
  ])
  expect(operands).toEqual(['1m', 'a.jsonl'])
})

test('behind -- everything is a file, a lone dash is stdin', () => {
  expect(given('-', '--sketches', '--', '-x', '--y')).toMatchObject({
    operands: ['-', '-x', '--y'],
    problems: [],
  })
  expect(given('config', '--windows', '1h', '--', '-x')).toMatchObject({ operands: ['-x'], problems: [] })
  expect(given('config', '--nothing', '--', '-x')).toMatchObject({
    operands: ['-x'],
    problems: ['--nothing: unknown flag; counter-worker config --help lists the flags'],
  })
})
