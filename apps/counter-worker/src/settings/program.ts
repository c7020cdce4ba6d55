import type { ProgramSpec } from '@card/app-kit'
import { version } from '../../package.json'
import { optionTable } from './option-table.js'

const operands = {
  pattern: '[file...]',
  help: 'files, read in this order as one stream; - or none is stdin; compressed ones are recognized by their content',
}

// Its own switch of that name says how the explanation is printed.
const { json: _, ...explainOptions } = optionTable

/** The command line of counter-worker. */
export const program: ProgramSpec = {
  name: 'counter-worker',
  version,
  description:
    'Counts distinct users per event-time window from JSON lines in files, on stdin, or in Kafka topics.',
  section: 'Service',
  main: {
    options: optionTable,
    operands,
    manual: [
      {
        title: 'Options',
        text: [
          'Each can also be given as an environment variable (--out-of-order: CARD_OUT_OF_ORDER) or in the file that --config names (out-of-order: 5s). A flag takes precedence over a variable, a variable over the file, and the file over the default. Options that exclude each other are refused, wherever they come from. --no- before the name of a switch turns it off, as in --no-print.',
          'Durations: 500ms 5s 1m 2h 1d 1w, or off where a limit can be switched off.',
        ],
      },
      {
        title: 'Input',
        text: [
          'Several files are one stream, as cat would join them. Where they overlap in time, raise --out-of-order or --lateness.',
          'Topics need --brokers and --topic. With --state or --group a restart goes on where the last step was committed; without them it reads from --from again. Secrets come from --kafka-config or the environment (CARD_KAFKA_SASL_PASSWORD, CARD_KAFKA_TLS_CA, ...), never from flags.',
        ],
      },
      {
        title: 'Exit codes',
        terms: [
          ['0', 'done, or a signal stopped reading topics'],
          ['1', 'unreadable input, an output that cannot be written, or no broker for 30 s'],
          ['64', 'a bad flag or value'],
          [
            '65',
            'no line was counted although some were not blank, or more than --max-rejects were rejected',
          ],
          ['78', 'a bad configuration file or variable, an unknown topic, or a refused login'],
          ['130, 143', 'a signal stopped reading files; open windows are counted as unfinished'],
        ],
      },
      {
        title: 'Examples',
        lines: [
          'counter-worker likes.jsonl --windows 1m,1h,1d',
          'zcat likes.jsonl.gz | counter-worker --key user.id --time at --time-unit iso',
          'counter-worker likes.jsonl --group-by video --estimator hll --format csv',
          'counter-worker --brokers localhost:9092 --topic likes \\',
          '  --out-topic unique-users.{window} --windows 1m,1h',
        ],
      },
    ],
  },
  commands: [
    {
      name: 'explain',
      description:
        'look at up to 10,000 lines of the input, without counting, and print what a run would make of it: members, likely key and time, order, memory, and the flags to use; exit 0 when something would count with them, else 65',
      options: explainOptions,
      operands,
      switches: { json: { section: 'Service', help: 'print one JSON object' } },
    },
    {
      name: 'config',
      description: 'print the effective configuration, each value with its source',
      options: optionTable,
      operands,
      switches: {
        check: {
          section: 'Service',
          help: 'also open the inputs and outputs, connect and verify topics; exit 0 or 78',
        },
      },
    },
  ],
}
