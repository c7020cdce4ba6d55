import { flagOf, manualOf } from '@card/app-kit'
import { describe, expect, test } from 'vitest'
import { optionTable } from '../../src/settings/option-table.js'
import { program } from '../../src/settings/program.js'

describe.each([
  ['counter-worker', manualOf(program)],
  ['counter-worker config', manualOf(program, 'config')],
])('%s --help', (_, manual) => {
  test('names every flag with its default', () => {
    const words = manual.replace(/\s+/g, ' ')
    for (const [name, { argument, fallback }] of Object.entries(optionTable)) {
      expect(words).toContain(argument === null ? flagOf(name) : `${flagOf(name)} <${argument}>`)
      if (argument !== null && fallback !== null) expect(words).toContain(`(default: ${fallback})`)
    }
  })

  test('fits a terminal of 80 columns, the footer as well', () => {
    expect(manual.split('\n').filter((line) => line.length > 80)).toEqual([])
  })
})
