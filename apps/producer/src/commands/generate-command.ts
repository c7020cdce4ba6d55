import type { Command } from 'commander'
import { readGenerateOptions } from '../options/generate-options.js'
import { generateRows } from '../options/generate-rows.js'
import { generate } from './generate.js'
import { optionCommand } from './option-command.js'

const manualEnd = `
The truth file is JSON: {"windows":{"1m":[{"start","end","group","users","events"},…],…},"lines","bytes","blank",
"counted","rejected":{reason:n},"users"}: what the counter must report with
--estimator exact --max-ahead off --lateness 100000d, by each frame's final ts.

Lines = --frames (frames, or malformed lines in their place) + repeats from --duplicates. The users, times and
kinds of a seed do not depend on the line length, the key shapes, the pace or the output.

With --topic each line is a record, keyed by its frame's uid; malformed lines have no key, blank ones are not sent
(nor in the truth), lines end where records end. A send that the broker did not confirm is repeated, so an outage
may leave records twice. Passwords and certificates come from --kafka-config or CARD_KAFKA_…, never from flags.

Examples:
  producer generate --frames 1000000 --truth truth.json | counter-worker --windows 1m,1h,1d
  producer generate --seconds 600 --pace 10x --groups 50 --group-skew zipf:1.1
  producer generate --malformed not-json=0.1,missing-key=0.05,too-long=0.001 --out frames.jsonl
  producer generate --pace 1x --topic frames --brokers 127.0.0.1:9092 --partitions 4 --profile latency

Exit codes: 0 done, also when the reader of stdout left early (then without a summary and with an empty truth
file); 1 the output or the truth cannot be written, or no broker answered for 30 s; 64 a bad flag or value; 78 bad
settings of the connection, a refused login or a topic with another number of partitions; 130 and 143 after SIGINT
and SIGTERM (the stream ends with a whole line, the truth is of what was sent; the second signal ends at once).
`

/** The `generate` command; its manual is made from the option table. */
export function generateCommand(finish: (exitCode: number) => void): Command {
  return optionCommand({
    name: 'generate',
    description: 'Generate a stream of frames (JSON lines), the same for the same flags and seed',
    rows: generateRows,
    manualEnd,
    run: async (raw, _operands, problems) => finish(await generate(readGenerateOptions(raw, problems))),
  })
}
