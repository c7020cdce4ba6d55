import { didYouMean } from '../options/suggestion.js'
import type { ProgramSpec } from './command-spec.js'

/** The commands that every app has. */
const builtIn = ['help', 'version']

export function commandNames({ commands }: ProgramSpec): string[] {
  return [...commands.map(({ name }) => name), ...builtIn]
}

/** What is wrong with the words behind `help` or `version`, which take at most a command and none; null: nothing. */
export function builtInProblem(spec: ProgramSpec, [command, ...words]: readonly string[]): string | null {
  if (!builtIn.includes(command ?? '') || words.some(isHelpFlag)) return null
  const most = command === 'help' ? 1 : 0
  const extra = words.find((word, i) => i >= most || word.startsWith('-'))
  if (extra !== undefined) {
    const expected = most === 0 ? 'nothing after it' : 'at most one command'
    return `${command}: expected ${expected}, found ${JSON.stringify(extra)}; ${listing(spec)}`
  }
  const [topic] = words
  return topic === undefined || commandNames(spec).includes(topic) ? null : unknownCommand(spec, topic)
}

export function unknownCommand(spec: ProgramSpec, word: string): string {
  return `${word}: unknown command${didYouMean(word, commandNames(spec))}; ${listing(spec)}`
}

/** Where the commands are listed. */
export function listing({ name }: ProgramSpec): string {
  return `${name} --help lists the commands`
}

function isHelpFlag(word: string): boolean {
  return word === '--help' || word === '-h'
}
