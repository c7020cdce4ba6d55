import { Command, Option as Flag } from 'commander'
import { flagOf, keyOf } from '../options/option.js'
import { printText } from '../terminal/print-text.js'
import { textWidth } from '../terminal/wrap-text.js'
import type { CommandSpec, ProgramSpec } from './command-spec.js'
import { renderManual } from './manual.js'

/** Takes the words of a command that are no flags it knows, and the values of those. */
export type OnCommand = (
  command: CommandSpec,
  words: readonly string[],
  flags: Readonly<Record<string, unknown>>,
) => void

/**
 * The commander program of an app. Nothing runs in it: it says which command was named, with which flags.
 *
 * @param words the command line: a command that it does not name is described by its name alone, which starts sooner
 */
export function programOf(spec: ProgramSpec, words: readonly string[], onCommand: OnCommand): Command {
  const { name, version, main } = spec
  const program = new Command(name).enablePositionalOptions()
  program.configureOutput({ writeOut: printText })
  program.configureHelp({ subcommandTerm: (command) => command.name() })
  program.helpCommand('help [command]', 'print the manual, or that of a command')
  program
    .command('version')
    .description('print the version')
    .exitOverride()
    .addHelpOption(helpFlag(spec))
    .action(() => printText(`${version}\n`))
  describe(program, { options: {}, ...main, name, description: spec.description }, spec)
  program.version(version, '-V, --version', 'print the version')
  program.options.at(-1)!.helpGroup(`${spec.section}:`)
  if (main !== undefined) {
    const command = { ...main, name, description: spec.description }
    program.action(() => onCommand(command, program.args, program.opts()))
  }
  for (const command of spec.commands) {
    const own = program.command(command.name).description(command.description)
    if (!words.includes(command.name)) continue
    describe(own, command, spec)
    // Flags may come before or after the command's name.
    own.action(() => onCommand(command, own.args, { ...program.opts(), ...own.opts() }))
  }
  return program
}

function describe(
  command: Command,
  { description, options, operands, switches = {}, manual = [] }: CommandSpec,
  spec: ProgramSpec,
): void {
  const runs = operands !== undefined || Object.keys(options).length > 0
  command
    .description(description)
    // Unknown flags and stray words are kept, so that they are reported together with the bad values.
    .allowUnknownOption(runs)
    .allowExcessArguments(runs)
    .exitOverride()
    .configureOutput({ writeErr: () => {}, getOutHelpWidth: () => textWidth(process.stdout) })
    .addHelpText('after', () => renderManual(manual, command.configureOutput().getOutHelpWidth!()))
    .addHelpOption(helpFlag(spec))
  if (operands !== undefined) command.argument(operands.pattern, operands.help)
  for (const [name, { section, argument, fallback, help }] of Object.entries(options)) {
    const note = fallback === null || argument === null ? '' : ` (default: ${fallback})`
    const flag = argument === null ? flagOf(name) : `${flagOf(name)} <${argument}>`
    command.addOption(valueMayMiss(new Flag(flag, help + note).helpGroup(`${section}:`)))
    if (argument === null) command.addOption(new Flag(`--no-${keyOf(name)}`).hideHelp())
  }
  for (const [name, { section, help }] of Object.entries(switches)) {
    command.addOption(new Flag(flagOf(name), help).helpGroup(`${section}:`))
  }
  if (!runs) return
  const config = new Flag('--config <FILE>', 'read options from a YAML or JSON file')
  command.addOption(valueMayMiss(config.helpGroup(`${spec.section}:`)))
}

function helpFlag({ section }: ProgramSpec): Flag {
  return new Flag('-h, --help', 'print this manual').helpGroup(`${section}:`)
}

/** commander would end at the first flag without its value; ours is reported with all other problems. */
function valueMayMiss(flag: Flag): Flag {
  if (flag.required) {
    flag.required = false
    flag.optional = true
  }
  return flag
}
