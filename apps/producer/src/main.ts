#!/usr/bin/env node
import { KafkaIoError } from '@card/kafka-io'
import { Command, CommanderError } from 'commander'
import { countCommand } from './commands/count-command.js'
import { generateCommand } from './commands/generate-command.js'
import { replayCommand } from './commands/replay-command.js'
import { ProducerError } from './errors.js'
import { exitCodeOf } from './exit-code.js'

const finish = (code: number) => {
  process.exitCode = code
}
const program = new Command('producer')
  .description('Generates streams of frames with a known truth, and sends them and files to Kafka')
  .exitOverride()
for (const command of [generateCommand(finish), replayCommand(finish), countCommand(finish)]) {
  program.addCommand(command.exitOverride())
}

// A reader that closed the pipe early (`--help | head -1`) is no failure.
process.stdout.on('error', () => {})
process.stderr.on('error', () => {})

program.parseAsync().catch((error) => {
  process.exitCode = exitCodeOf(error)
  if (!(error instanceof CommanderError)) report(error)
})

/** Says what went wrong, one line per problem; only of what nobody foresaw the stack. */
function report(error: unknown): void {
  const foreseen = error instanceof ProducerError || error instanceof KafkaIoError
  const message = foreseen ? error.message : String((error as Error)?.stack ?? error)
  process.stderr.write(`${message.replace(/^/gm, 'producer: ')}\n`)
}
