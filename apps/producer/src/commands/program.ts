import type { Environment, GivenFlags, ProgramSpec, Sources } from '@card/app-kit'
import { version } from '../../package.json'
import { countTable } from '../options/count-options.js'
import { generateTable } from '../options/generate-table.js'
import { replayTable } from '../options/replay-options.js'
import { countCommand } from './count-command.js'
import { generateCommand } from './generate-command.js'
import { replayCommand } from './replay-command.js'

/** The command line of the producer. */
export const program: ProgramSpec = {
  name: 'producer',
  version,
  description: 'Generates streams of frames with a known truth, and sends them and files to Kafka.',
  section: 'General',
  commands: [generateCommand, replayCommand, countCommand],
}

/** Where the options of a command come from. */
export function sourcesOf(given: GivenFlags, environment: Environment): Sources {
  return {
    given,
    environment,
    variables: { prefix: 'CARD_PRODUCER_', foreign: /^$/ },
    // One environment may serve several commands.
    otherOptions: { ...generateTable, ...replayTable, ...countTable },
  }
}
