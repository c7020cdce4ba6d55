import type { CommandSpec } from '@card/app-kit'
import { countTable } from '../options/count-options.js'
import { optionSources } from './option-sources.js'

/** The command line of `producer count`. */
export const countCommand: CommandSpec = {
  name: 'count',
  description: 'count the records of a topic',
  options: countTable,
  manual: [
    {
      title: 'Count',
      text: [
        'Prints one number. Without --exact it is the sum of last minus first offsets over all partitions, taken without reading: too high if the topic is compacted (the offsets of removed records stay) or written in transactions (markers and aborted records have offsets as well).',
      ],
    },
    optionSources,
    {
      title: 'Exit codes',
      terms: [
        ['0', 'done'],
        ['1', 'no broker answered for 30 s'],
        ['64', 'a bad flag or value'],
        ['78', 'a bad configuration file or variable, a refused login or an unknown topic'],
        ['130, 143', 'SIGINT, SIGTERM; no number is printed'],
      ],
    },
  ],
}
