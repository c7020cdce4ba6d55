import type { CommandSpec } from '@card/app-kit'
import { replayTable } from '../options/replay-options.js'
import { optionSources } from './option-sources.js'

/** The command line of `producer replay`. */
export const replayCommand: CommandSpec = {
  name: 'replay',
  description: 'send files of frames (JSON lines) to a topic',
  options: replayTable,
  operands: { pattern: '[FILE...]', help: 'files of JSON lines, also compressed by gzip; - is stdin' },
  manual: [
    {
      title: 'Replay',
      text: [
        "Files are sent one after the other, as fast as possible without --rate and --speed. Each line is a record; its key is the frame's key: a string decoded, an integer as written. Malformed lines (no JSON object, no usable key or time, longer than 1 MiB) are sent as they are without a key; blank ones are not sent. A send that the broker did not acknowledge is repeated, so an outage may leave duplicate records.",
        '--speed follows the greatest time so far. A time more than an hour away from it is ignored; a hundred such times in a row are taken for a gap, which is skipped without waiting.',
      ],
    },
    optionSources,
    {
      title: 'Exit codes',
      terms: [
        ['0', 'done'],
        ['1', 'a file cannot be read, no broker answered for 30 s, or a record was refused'],
        ['64', 'a bad flag or value'],
        [
          '78',
          'a bad configuration file or variable, a refused login, or a topic with another number of partitions',
        ],
        [
          '130, 143',
          'SIGINT, SIGTERM; what was read is still sent; a second signal ends the program at once',
        ],
      ],
    },
    {
      title: 'Examples',
      lines: [
        'producer replay frames.jsonl --topic frames --brokers 127.0.0.1:9092',
        'producer replay day-1.jsonl.gz day-2.jsonl.gz --speed 60x \\',
        '  --topic frames --brokers 127.0.0.1:9092 --partitions 4',
        'producer generate --frames 1000 | producer replay - --rate 100 \\',
        '  --topic frames --brokers 127.0.0.1:9092',
      ],
    },
  ],
}
