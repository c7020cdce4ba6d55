import { expect, test } from 'vitest'
import { renderManual } from '../src/commands/manual.js'
import { textWidth, wrap } from '../src/terminal/wrap-text.js'

test('text is as wide as the terminal, at most 80 columns', () => {
  expect([textWidth({}), textWidth({ columns: 40 }), textWidth({ columns: 200 })]).toEqual([80, 40, 80])
})

test.each([20, 40, 80])('a paragraph loses no word and fits %d columns', (width) => {
  const text = 'Options that exclude each other are refused wherever they come from, and both are named.'
  const lines = wrap(text, width, '  ')
  expect(lines.map((line) => line.trim()).join(' ')).toBe(text)
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(width)
})

test('terms hang in a column, lines to copy stay as they are', () => {
  const parts = [
    {
      title: 'Exit codes',
      terms: [
        ['0', 'done'],
        ['130, 143', 'a signal stopped reading'],
      ] as const,
    },
    { title: 'Examples', lines: ['a-command --with a-long-flag'] },
  ]
  expect(renderManual(parts, 24)).toBe(`
Exit codes:
  0         done
  130, 143  a signal
            stopped
            reading

Examples:
  a-command --with a-long-flag
`)
})
