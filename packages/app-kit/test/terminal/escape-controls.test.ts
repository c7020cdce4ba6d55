import { expect, test } from 'vitest'
import { escapeControls } from '../../src/terminal/escape-controls.js'

test.each([
  ['an escape sequence', '\u001b[2J', '\\u001b[2J'],
  ['its one-character form', '\u009b2J', '\\u009b2J'],
  ['a tab', 'a\tb', 'a\\tb'],
  ['a reversed direction', 'a\u202egpj', 'a\\u202egpj'],
  ['an Arabic letter mark', '\u061c', '\\u061c'],
  ['separators of lines and paragraphs', '\u2028\u2029', '\\u2028\\u2029'],
  ['a tag character outside the first plane', '\u{e0041}', '\\udb40\\udc41'],
  ['a lone surrogate', '\ud800', '\\ud800'],
  ['text in any script', 'é 漢字 🎬 שלום', 'é 漢字 🎬 שלום'],
])('%s', (_, text, expected) => {
  expect(escapeControls(text)).toBe(expected)
})

test('characters that are asked for are kept', () => {
  expect(escapeControls('a\n\tb\r', '\n')).toBe('a\n\\tb\\u000d')
})
