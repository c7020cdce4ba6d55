import type { Command } from 'commander'
import { countRows, readCountOptions } from '../options/count-options.js'
import { count } from './count.js'
import { optionCommand } from './option-command.js'

const manualEnd = `
Prints one number. Without --exact it is the sum of last minus first offsets over all partitions, got without
reading: too many where the topic is compacted (offsets of removed records stay) or written in transactions (their
markers and aborted records have offsets, too).

Exit codes: 0 done; 1 no broker answered for 30 s; 64 a bad flag or value; 78 bad settings of the connection, a
refused login or an unknown topic; 130 and 143 after SIGINT and SIGTERM (without a number).
`

/** The `count` command; its manual is made from the option table. */
export function countCommand(finish: (exitCode: number) => void): Command {
  return optionCommand({
    name: 'count',
    description: 'Count the records of a topic',
    rows: countRows,
    manualEnd,
    run: async (raw, _operands, problems) => finish(await count(readCountOptions(raw, problems))),
  })
}
