import { Command, Option } from 'commander'
import { type OptionRow, optionRows } from '../options/option-rows.js'
import { flagOf, type RawOptions, readOptions } from '../options/read-options.js'
import { generate } from './generate.js'

const manualEnd = `
The truth file is JSON: {"windows":{"1m":[{"start","end","group","users","events"},…],…},"lines","bytes","blank",
"counted","rejected":{reason:n},"users"}: what the counter must report with
--estimator exact --max-ahead off --lateness 100000d, by each frame's final ts.

Lines = --frames (frames, or malformed lines in their place) + repeats from --duplicates. The users, times and
kinds of a seed do not depend on the line length, the key shapes, the pace or the output.

Examples:
  producer generate --frames 1000000 --truth truth.json | counter-worker --windows 1m,1h,1d
  producer generate --seconds 600 --pace 10x --groups 50 --group-skew zipf:1.1
  producer generate --malformed not-json=0.1,missing-key=0.05,too-long=0.001 --out frames.jsonl

Exit codes: 0 done, also when the reader of stdout left early (then without a summary and with an empty truth
file); 1 the output or the truth cannot be written; 64 a bad flag or value; 130 and 143 after SIGINT and SIGTERM
(the stream ends with a whole line, the truth is of what was sent; the second signal ends at once).
`

/** The `generate` command; its manual is made from the option table. */
export function generateCommand(finish: (exitCode: number) => void): Command {
  const command = new Command('generate')
    .description('Generate a stream of frames (JSON lines), the same for the same flags and seed')
    // Unknown flags and stray words are kept, so that they are reported together with the bad values.
    .allowUnknownOption()
    .allowExcessArguments()
    .addHelpText('after', manualEnd)
  for (const [name, row] of Object.entries(optionRows)) command.addOption(commanderOption(name, row))
  return command.action(async (raw: RawOptions, self: Command) => {
    finish(await generate(readOptions(raw, strayProblems(self.args))))
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

function strayProblems(args: readonly string[]): string[] {
  return args.map((arg, position) => {
    if (arg.startsWith('-'))
      return `${arg}: expected a flag of producer generate (see --help), found an unknown one`
    const after = args[position - 1]?.startsWith('-') ? ' (the value of an unknown flag?)' : ''
    return `${arg}: expected only flags, found a word${after}`
  })
}
