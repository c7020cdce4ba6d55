import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { flagOf, manualOf } from '@card/app-kit'
import { describe, expect, test } from 'vitest'
import { program } from '../../src/commands/program.js'

describe.each(program.commands)('producer $name', ({ name, options }) => {
  const manual = manualOf(program, name).trim()

  test('--help names every flag with its default', () => {
    const words = manual.replace(/\s+/g, ' ')
    for (const [option, { argument, fallback }] of Object.entries(options)) {
      expect(words).toContain(argument === null ? flagOf(option) : `${flagOf(option)} <${argument}>`)
      if (argument !== null && fallback !== null) expect(words).toContain(`(default: ${fallback})`)
    }
  })

  test('the README holds the manual as --help prints it', () => {
    const readme = readFileSync(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8')
    const texts = readme.split('```text\n').slice(1)
    const found = texts.map((text) => text.split('\n```')[0]!)
    expect(found).toContain(manual)
  })

  test('--help fits a terminal of 80 columns', () => {
    expect(manual.split('\n').filter((line) => line.length > 80)).toEqual([])
  })
})
