import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { countCommand } from '../../src/commands/count-command.js'
import { generateCommand } from '../../src/commands/generate-command.js'
import { replayCommand } from '../../src/commands/replay-command.js'
import { countRows } from '../../src/options/count-options.js'
import { generateRows } from '../../src/options/generate-rows.js'
import { flagOf } from '../../src/options/read-rows.js'
import { replayRows } from '../../src/options/replay-options.js'

const commands = [
  { name: 'generate', command: generateCommand, rows: generateRows },
  { name: 'replay', command: replayCommand, rows: replayRows },
  { name: 'count', command: countCommand, rows: countRows },
]

function manualOf({ name, command }: (typeof commands)[number]): string {
  let text = ''
  const described = command(() => {}).name(`producer ${name}`)
  described.configureOutput({
    writeOut: (piece) => {
      text += piece
    },
    getOutHelpWidth: () => 80,
  })
  described.outputHelp()
  return text.trim()
}

describe.each(commands)('producer $name', (described) => {
  test('--help names every flag with its default', () => {
    const words = manualOf(described).replace(/\s+/g, ' ')
    for (const [name, { placeholder, fallback }] of Object.entries(described.rows)) {
      expect(words).toContain(placeholder === null ? flagOf(name) : `${flagOf(name)} <${placeholder}>`)
      if (fallback !== null) expect(words).toContain(`(default: ${fallback})`)
    }
  })

  test('the README holds the manual as --help prints it', () => {
    const readme = readFileSync(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8')
    const texts = readme.split('```text\n').slice(1)
    const found = texts.map((text) => text.split('\n```')[0]!)
    expect(found).toContain(manualOf(described))
  })
})
