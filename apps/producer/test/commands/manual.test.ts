import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { generateCommand } from '../../src/commands/generate-command.js'
import { optionRows } from '../../src/options/option-rows.js'
import { flagOf } from '../../src/options/read-options.js'

function manual(): string {
  let text = ''
  const command = generateCommand(() => {}).name('producer generate')
  command.configureOutput({
    writeOut: (piece) => {
      text += piece
    },
    getOutHelpWidth: () => 80,
  })
  command.outputHelp()
  return text.trim()
}

test('--help names every flag with its default', () => {
  const words = manual().replace(/\s+/g, ' ')
  for (const [name, { placeholder, fallback }] of Object.entries(optionRows)) {
    expect(words).toContain(placeholder === null ? flagOf(name) : `${flagOf(name)} <${placeholder}>`)
    if (fallback !== null) expect(words).toContain(`(default: ${fallback})`)
  }
})

test('the README holds the manual as --help prints it', () => {
  const readme = readFileSync(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8')
  expect(readme.split('```text\n')[1]?.split('\n```')[0]).toBe(manual())
})
