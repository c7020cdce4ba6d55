import { Command, Option } from 'commander'
import type { OptionRow, OptionRows } from '../options/option-row.js'
import { flagOf, type RawOptions } from '../options/read-rows.js'

export interface OptionCommand<R extends OptionRows> {
  readonly name: string
  readonly description: string
  readonly rows: R
  /** Behind the flags in the manual. */
  readonly manualEnd: string
  /** The operands' name, such as `FILE…`; without it words are refused. */
  readonly operands?: string
  /** @param problems flags and words that are not the command's */
  run(raw: RawOptions<R>, operands: readonly string[], problems: readonly string[]): Promise<void>
}

/** A command whose flags and manual are made from a table. */
export function optionCommand<R extends OptionRows>(command: OptionCommand<R>): Command {
  const { name, description, rows, manualEnd, operands } = command
  const result = new Command(name)
    .description(description)
    .usage(operands === undefined ? '[options]' : `[options] ${operands}`)
    // Unknown flags and stray words are kept, so that they are reported together with the bad values.
    .allowUnknownOption()
    .allowExcessArguments()
    .addHelpText('after', manualEnd)
  for (const [key, row] of Object.entries(rows)) result.addOption(commanderOption(key, row))
  return result.action(async (raw: RawOptions<R>, self: Command) => {
    const isFlag = (arg: string) => arg.startsWith('-') && arg !== '-'
    const words = operands === undefined ? [] : self.args.filter((arg) => !isFlag(arg))
    const stray = operands === undefined ? self.args : self.args.filter(isFlag)
    await command.run(raw, words, strayProblems(stray, name))
  })
}

function commanderOption(name: string, row: OptionRow<unknown>): Option {
  const flag = row.placeholder === null ? flagOf(name) : `${flagOf(name)} <${row.placeholder}>`
  const option = new Option(flag, row.fallback === null ? row.help : `${row.help} (default: ${row.fallback})`)
  if (row.placeholder !== null) {
    // commander would stop at the first flag without its value; ours is reported with all other problems.
    option.required = false
    option.optional = true
  }
  return option
}

function strayProblems(args: readonly string[], command: string): string[] {
  return args.map((arg, position) => {
    if (arg.startsWith('-'))
      return `${arg}: expected a flag of producer ${command} (see --help), found an unknown one`
    const after = args[position - 1]?.startsWith('-') ? ' (the value of an unknown flag?)' : ''
    return `${arg}: expected only flags, found a word${after}`
  })
}
