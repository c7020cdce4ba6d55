import { existsSync } from 'node:fs'
import { CommanderError } from 'commander'
import { ExitCode } from '../exit/exit-code.js'
import { ExitError } from '../exit/exit-error.js'
import type { GivenFlags } from '../options/given-flags.js'
import { flagOf, keyOf } from '../options/option.js'
import { didYouMean, nearest } from '../options/suggestion.js'
import { builtInProblem, commandNames, listing, unknownCommand } from './check-built-in.js'
import type { CommandSpec, ProgramSpec } from './command-spec.js'
import { programOf } from './program.js'

/** What the program was asked to do. */
export interface Invocation {
  /** The name of a command; that of the program where it does something without one. */
  readonly command: string
  readonly given: GivenFlags
  /** The command's own switches that were given. */
  readonly switches: ReadonlySet<string>
}

/**
 * Reads the command line. Unknown flags and missing values are problems of what was given, reported with all others.
 *
 * @param words the arguments without the program's own name
 * @returns null where `--help` or `--version` was answered
 * @throws ExitError (64) where no command is named, or one that does not exist
 */
export function readCommandLine(spec: ProgramSpec, words: readonly string[]): Invocation | null {
  const problem = builtInProblem(spec, words)
  if (problem !== null) throw new ExitError(ExitCode.usage, [problem])
  let invocation: Invocation | null = null
  const program = programOf(spec, words, (command, found, flags) => {
    invocation = {
      command: command.name,
      given: givenFlags(spec, command, found, flags, words),
      switches: new Set(Object.keys(command.switches ?? {}).filter((name) => flags[name] === true)),
    }
  })
  try {
    // The manual is the answer to how to get at manuals; commander has none of that command.
    program.parse(words.join(' ') === 'help help' ? ['help'] : words, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode !== 0) throw new ExitError(ExitCode.usage, [refusalOf(error, spec, words)])
  }
  return invocation
}

/** The manual of a command, or of the program itself, as `--help` prints it on a terminal of 80 columns. */
export function manualOf(spec: ProgramSpec, command?: string): string {
  const words = command === undefined ? [] : [command]
  const program = programOf(spec, words, () => {})
  const found = command === undefined ? program : program.commands.find((one) => one.name() === command)!
  let text = ''
  found.configureOutput({
    writeOut: (piece) => {
      text += piece
    },
    getOutHelpWidth: () => 80,
  })
  found.outputHelp()
  return text
}

function refusalOf(error: CommanderError, spec: ProgramSpec, words: readonly string[]): string {
  if (error.code === 'commander.help')
    return `expected a command (${commandNames(spec).join(', ')}), found none; ${listing(spec)}`
  if (error.code === 'commander.unknownCommand')
    return unknownCommand(spec, words.find((one) => !one.startsWith('-')) ?? '')
  return `${error.message.replace(/^error: /, '')}; ${listing(spec)}`
}

/** @param all the whole command line: behind `--` every word is an operand, whatever it begins with */
function givenFlags(
  spec: ProgramSpec,
  command: CommandSpec,
  words: readonly string[],
  flags: Readonly<Record<string, unknown>>,
  all: readonly string[],
): GivenFlags {
  const isMain = command.name === spec.name
  const help = `${isMain ? spec.name : `${spec.name} ${command.name}`} --help lists the flags`
  const problems: string[] = []
  const texts = new Map<string, string>()
  const taken = new Set(['config', ...Object.keys(command.switches ?? {})])
  for (const [name, { argument }] of Object.entries(command.options)) {
    const attribute = attributeOf(name)
    taken.add(attribute)
    const value = flags[attribute]
    if (value === true && argument !== null) {
      problems.push(`${flagOf(name)}: expected a value (${argument}), found none`)
    } else if (value !== undefined) texts.set(name, String(value))
  }
  for (const attribute of Object.keys(flags).filter((one) => !taken.has(one))) {
    problems.push(`${flagOf(attribute)}: no flag of ${spec.name} ${command.name}; ${help}`)
  }
  const config = typeof flags.config === 'string' && flags.config !== '' ? flags.config : null
  if (config === null && flags.config !== undefined) {
    problems.push('--config: expected a value (FILE), found none')
  }
  const end = all.indexOf('--')
  const literal = end < 0 ? 0 : all.length - end - 1
  const known = knownFlags(command)
  const operands: string[] = []
  for (const [index, word] of words.entries()) {
    if (index >= words.length - literal || !word.startsWith('-') || word === '-') {
      if (command.operands !== undefined) operands.push(word)
      else {
        const isValue = words[index - 1]?.startsWith('-') ?? false
        const guess = isValue ? ' (the value of an unknown flag?)' : ''
        problems.push(`${word}: expected only flags, found a word${guess}; ${help}`)
      }
    } else if (word !== '--') {
      // Behind an unknown flag commander hands on the mark itself as well.
      problems.push(`${unknownFlag(word, known)}; ${help}`)
    }
  }
  const mistyped = isMain && literal === 0 ? mistypedCommand(spec, operands) : null
  if (mistyped !== null) problems.push(mistyped)
  return { texts, config, operands, problems }
}

/** A word that begins like a flag and is none: `--windwos`, or a switch with a value. */
function unknownFlag(word: string, known: readonly string[]): string {
  const [flag, value] = word.split(/=(.*)/s)
  if (value !== undefined && known.includes(flag!)) {
    return `${flag}: expected no value, found ${JSON.stringify(value)}`
  }
  return `${flag}: unknown flag${didYouMean(flag!, known)}`
}

/** A first word that looks like the name of a command and is no file. */
function mistypedCommand(spec: ProgramSpec, [word]: readonly string[]): string | null {
  if (word === undefined || !/^[a-z]+$/.test(word)) return null
  const command = nearest(word, commandNames(spec))
  if (command === null || existsSync(word)) return null
  return `${word}: no such file or command (did you mean "${command}"?); ${listing(spec)}`
}

function knownFlags({ options, switches = {} }: CommandSpec): string[] {
  const negations = Object.entries(options).filter(([, { argument }]) => argument === null)
  return [
    ...Object.keys(options).map(flagOf),
    ...Object.keys(switches).map(flagOf),
    ...['--config', '--help', '--version'],
    ...negations.map(([name]) => `--no-${keyOf(name)}`),
  ]
}

/** The name under which commander keeps the value of a flag. */
function attributeOf(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}
