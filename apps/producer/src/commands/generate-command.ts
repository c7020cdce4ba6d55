import type { CommandSpec } from '@card/app-kit'
import { generateTable } from '../options/generate-table.js'
import { optionSources } from './option-sources.js'

/** The command line of `producer generate`. */
export const generateCommand: CommandSpec = {
  name: 'generate',
  description: 'generate a stream of frames (JSON lines); the same flags and seed give the same stream',
  options: generateTable,
  manual: [
    {
      title: 'Truth',
      text: [
        'The truth file is JSON: {"windows": {"1m": [{"start", "end", "group", "users", "events"}, …], …}, "lines", "bytes", "blank", "counted", "rejected": {reason: n}, "users"}. It is what the counter must report with --estimator exact --max-ahead off --lateness 100000d, by the final ts of each frame.',
        'Lines = --frames (frames, or malformed lines in their place) + repeats from --duplicates. The users, times and kinds of a seed do not depend on the line length, the key shapes, the pace or the output.',
      ],
    },
    {
      title: 'Topics',
      text: [
        "With --topic each line is a record, keyed by its frame's uid; malformed lines have no key, and blank ones are not sent (nor in the truth). A send that the broker did not acknowledge is repeated, so an outage may leave duplicate records.",
      ],
    },
    optionSources,
    {
      title: 'Exit codes',
      terms: [
        [
          '0',
          'done, also if the reader of stdout stopped early (then there is no summary, and the truth file is empty)',
        ],
        ['1', 'the output or the truth cannot be written, or no broker answered for 30 s'],
        ['64', 'a bad flag or value'],
        [
          '78',
          'a bad configuration file or variable, a refused login, or a topic with another number of partitions',
        ],
        [
          '130, 143',
          'SIGINT, SIGTERM; the stream ends with a whole line, and the truth covers what was sent; a second signal ends the program at once',
        ],
      ],
    },
    {
      title: 'Examples',
      lines: [
        'producer generate --frames 1000000 --truth truth.json | counter-worker',
        'producer generate --seconds 600 --pace 10x --groups 50 --group-skew zipf:1.1',
        'producer generate --malformed not-json=0.1,too-long=0.001 --out frames.jsonl',
        'producer generate --pace 1x --profile latency \\',
        '  --topic frames --brokers 127.0.0.1:9092 --partitions 4',
      ],
    },
  ],
}
