import { describe, expect, test, vi } from 'vitest'
import { ExitCode, ExitError, type ProgramSpec, readCommandLine } from '../../src/index.js'

const printed: string[] = []
vi.mock('../../src/terminal/print-text.js', () => ({
  printText: (text: string) => {
    printed.push(text)
  },
}))

const commands = [
  { name: 'config', description: 'print the configuration', options: {} },
  { name: 'explain', description: 'look at the input', options: {} },
]
const common = { name: 'app', version: '1.2.3', description: 'Does something.', section: 'General' }
const specs: [string, ProgramSpec][] = [
  ['an app that runs without a command', { ...common, main: { options: {} }, commands }],
  ['an app that needs a command', { ...common, commands }],
]

describe.each(specs)('%s', (_, spec) => {
  test.each([
    ['version x', 'version: expected nothing after it, found "x"'],
    ['version --foo', 'version: expected nothing after it, found "--foo"'],
    ['help cnofig', 'cnofig: unknown command (did you mean "config"?)'],
    ['help wholly-different', 'wholly-different: unknown command'],
    ['help config explain', 'help: expected at most one command, found "explain"'],
    ['help --foo', 'help: expected at most one command, found "--foo"'],
  ])('refuses `%s` with 64, in its own words', (line, text) => {
    const refused = () => readCommandLine(spec, line.split(' '))
    expect(refused).toThrow(ExitError)
    expect(refused).toThrow(`${text}; app --help lists the commands`)
    try {
      refused()
    } catch (error) {
      expect((error as ExitError).code).toBe(ExitCode.usage)
    }
  })

  test.each([
    'help',
    'help config',
    'help version',
    'help help',
    'version',
    'version --help',
    '-V',
    '--help',
  ])('answers `%s`', (line) => {
    printed.length = 0
    expect(readCommandLine(spec, line.split(' '))).toBe(null)
    expect(printed.join('')).toMatch(/^1\.2\.3\n$|^Usage: app /)
  })
})
