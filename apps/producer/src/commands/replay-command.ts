import type { Command } from 'commander'
import { readReplayOptions, replayRows } from '../options/replay-options.js'
import { optionCommand } from './option-command.js'
import { replay } from './replay.js'

const manualEnd = `
FILEs are JSON lines, also packed by gzip (told by their content), - is stdin; they are sent one after the other,
as fast as possible without --rate and --speed. Each line is a record; its key is the frame's key: a string decoded,
an integer as written. Malformed lines (no JSON object, no usable key or time, longer than 1 MiB) are sent as they
are without a key, blank ones are not sent. A send that the broker did not confirm is repeated, so an outage may
leave records twice. Passwords and certificates come from --kafka-config or CARD_KAFKA_…, never from flags.

--speed goes by the greatest time so far. A time more than an hour off it is ignored; a hundred in a row are a gap,
which is passed without a wait.

Examples:
  producer replay frames.jsonl --topic frames --brokers 127.0.0.1:9092 --partitions 4
  producer replay day-1.jsonl.gz day-2.jsonl.gz --topic frames --brokers 127.0.0.1:9092 --speed 60x
  producer generate --frames 1000 | producer replay - --topic frames --brokers 127.0.0.1:9092 --rate 100

Exit codes: 0 done; 1 a file cannot be read, no broker answered for 30 s, or a record was refused; 64 a bad flag or
value; 78 bad settings of the connection, a refused login or a topic with another number of partitions; 130 and 143
after SIGINT and SIGTERM (what was taken is sent; the second signal ends at once).
`

/** The `replay` command; its manual is made from the option table. */
export function replayCommand(finish: (exitCode: number) => void): Command {
  return optionCommand({
    name: 'replay',
    description: 'Send files of frames (JSON lines) to a topic',
    rows: replayRows,
    operands: 'FILE…',
    manualEnd,
    run: async (raw, files, problems) => finish(await replay(readReplayOptions(files, raw, problems))),
  })
}
