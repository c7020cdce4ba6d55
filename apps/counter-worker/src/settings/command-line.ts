import { Command, CommanderError, Option } from 'commander'
import { ExitCode, ExitError } from '../exit.js'
import { nearest } from './nearest.js'
import { type OptionName, optionNames, optionTable, variableOf } from './option-table.js'
import type { GivenFlags } from './settings.js'

/** What the program was asked to do. */
export type Invocation =
  | { readonly command: 'count'; readonly given: GivenFlags }
  | { readonly command: 'config'; readonly given: GivenFlags; readonly check: boolean }
  /** `--help` or `--version` was answered. */
  | { readonly command: 'nothing' }

/**
 * Reads the command line. Unknown flags and missing values are problems of what was given, told with all others.
 *
 * @param words the arguments without the program's own name
 * @throws ExitError (64) for a word that nothing can be made of
 */
export function readCommandLine(words: readonly string[], version: string): Invocation {
  let invocation: Invocation = { command: 'nothing' }
  const program = new Command('counter-worker')
    .description(
      'Counts distinct users per event-time window from JSON lines in files, on stdin, or in Kafka topics.',
    )
    .version(version)
    .argument('[file...]', 'files, read in this order as one stream; - or none: stdin; .gz by content')
    .addHelpText('after', manual)
    .action((files: string[], flags: Flags) => {
      invocation = { command: 'count', given: givenFlags(files, flags, words) }
    })
  const config = program
    .command('config')
    .description('prints the effective configuration, each value with its source')
    .argument('[file...]', 'the input files that would be read')
    .action((files: string[], flags: Flags) => {
      // Flags may stand before the word config as well as behind it.
      const given = givenFlags(files, { ...program.opts<Flags>(), ...flags }, words)
      invocation = { command: 'config', given, check: flags.check === true }
    })
  for (const command of [program, config]) {
    addOptions(command)
    command
      .allowUnknownOption()
      .exitOverride()
      .configureOutput({ writeErr: () => {} })
  }
  program.enablePositionalOptions()
  config.addOption(
    new Option(
      '--check',
      'also open the inputs and outputs, connect and verify topics; exit 0 or 78',
    ).helpGroup('Service:'),
  )
  try {
    program.parse(words, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode !== 0) {
      const problem = error.message.replace(/^error: /, '').replaceAll('\n', ' ')
      throw new ExitError(ExitCode.usage, [`${problem}; counter-worker --help lists the flags`])
    }
  }
  return invocation
}

type Flags = Readonly<Record<string, string | true | undefined>>

function addOptions(command: Command): void {
  for (const name of optionNames) {
    const { section, argument, help, fallback } = optionTable[name]
    const flag = argument === null ? `--${name}` : `--${name} <${argument}>`
    const note = fallback === null || argument === null ? '' : ` (default: ${fallback})`
    command.addOption(valueMayMiss(new Option(flag, help + note).helpGroup(`${section}:`)))
  }
  const config = new Option('--config <FILE>', 'read settings from a YAML or JSON file')
  command.addOption(valueMayMiss(config.helpGroup('Service:')))
}

/** commander would end at the first flag without its value; ours is told with all other problems. */
function valueMayMiss(option: Option): Option {
  if (option.required) {
    option.required = false
    option.optional = true
  }
  return option
}

/** @param words the whole command line: behind `--` whatever stands there is a file */
function givenFlags(operands: readonly string[], flags: Flags, words: readonly string[]): GivenFlags {
  const problems: string[] = []
  const texts = new Map<OptionName, string>()
  for (const name of optionNames) {
    const value = flags[camelCase(name)]
    if (value === true && optionTable[name].argument !== null) {
      problems.push(`--${name}: expected a value (${optionTable[name].argument}), found none`)
    } else if (value !== undefined) texts.set(name, value === true ? 'true' : value)
  }
  const config = typeof flags.config === 'string' && flags.config !== '' ? flags.config : null
  if (config === null && flags.config !== undefined)
    problems.push('--config: expected a value (FILE), found none')
  const end = words.indexOf('--')
  const surely = end < 0 ? 0 : words.length - end - 1
  const files = operands.filter((word, index) => {
    if (!word.startsWith('-') || word === '-' || index >= operands.length - surely) return true
    // Behind an unknown flag commander hands on the mark itself, too.
    if (word === '--') return false
    const flag = word.replace(/=.*$/s, '')
    problems.push(`${flag}: unknown flag${nearest(flag, flagNames)}; counter-worker --help lists the flags`)
    return false
  })
  return { texts, config, files, problems }
}

const flagNames = [...optionNames, 'config', 'help', 'version'].map((name) => `--${name}`)

function camelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}

const manual = `
Durations: 500ms 5s 1m 2h 1d 1w; off where a limit can be switched off.
Settings: a flag goes before its variable (--out-of-order: ${variableOf('out-of-order')}), a variable before the
configuration file (out-of-order: 5s), the file before the default. Of two that exclude each other the one that goes
before is taken; of one kind both are refused. config says what was overridden.
Files given together are one stream, as cat would join them; where they overlap in time, raise
--out-of-order or --lateness.
Topics: --brokers and --topic. No offsets are committed: a restart reads from --from again. Secrets
come from --kafka-config or the environment (CARD_KAFKA_SASL_PASSWORD, CARD_KAFKA_TLS_CA, ...), never from flags.

Exit codes: 0 done, or topics stopped by a signal; 1 unreadable input, an output that cannot be written, no
broker for 30 s; 64 a bad flag or value; 65 none of the lines was counted, or more than --max-rejects
were rejected; 78 a bad configuration file or variable, an unknown topic, a
refused login; 130, 143 files interrupted (open windows are counted as unfinished).

Examples:
  counter-worker likes.jsonl --windows 1m,1h,1d
  zcat likes.jsonl.gz | counter-worker --key user.id --time at --time-unit iso
  counter-worker --brokers localhost:9092 --topic likes --out-topic unique-users.{window} --windows 1m,1h
  counter-worker likes.jsonl --group-by video --estimator hll --format csv`
