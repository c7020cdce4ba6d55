#!/usr/bin/env node
import { ExitCode, ExitError, escapeControls, readCommandLine } from '@card/app-kit'
import { KafkaIoError } from '@card/kafka-io'
import { count } from './commands/count.js'
import { generate } from './commands/generate.js'
import { program, sourcesOf } from './commands/program.js'
import { replay } from './commands/replay.js'
import { kafkaFailure } from './kafka/kafka-failure.js'
import { readCountOptions } from './options/count-options.js'
import { readGenerateOptions } from './options/generate-options.js'
import { readReplayOptions } from './options/replay-options.js'

async function main(): Promise<number> {
  const invocation = readCommandLine(program, process.argv.slice(2))
  if (invocation === null) return ExitCode.done
  const sources = sourcesOf(invocation.given, process.env)
  switch (invocation.command) {
    case 'generate':
      return generate(readGenerateOptions(sources))
    case 'replay':
      return replay(readReplayOptions(sources))
    default:
      return count(readCountOptions(sources))
  }
}

// A reader that closed the pipe early (`--help | head -1`) is not a failure.
process.stdout.on('error', () => {})
process.stderr.on('error', () => {})

main().then(
  (code) => {
    process.exitCode = code
  },
  (thrown) => {
    const error = thrown instanceof KafkaIoError ? kafkaFailure(thrown) : thrown
    process.exitCode = error instanceof ExitError ? error.code : ExitCode.failed
    // Only of what nobody foresaw the stack is of use.
    const text = error instanceof ExitError ? error.message : String((error as Error)?.stack ?? error)
    process.stderr.write(`${escapeControls(text, '\n').replace(/^/gm, 'producer: ')}\n`)
  },
)
