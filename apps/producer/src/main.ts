#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { generateCommand } from './commands/generate-command.js'
import { ProducerError } from './errors.js'

const program = new Command('producer')
  .description('Generates streams of frames with a known truth')
  .exitOverride()
  .addCommand(
    generateCommand((code) => {
      process.exitCode = code
    }).exitOverride(),
  )

// A reader that closed the pipe early (`--help | head -1`) is no failure.
process.stdout.on('error', () => {})
process.stderr.on('error', () => {})

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = report(error)
}

/** Says what went wrong, one line per problem. @returns the exit code */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 64
  const message = error instanceof ProducerError ? error.message : String((error as Error)?.stack ?? error)
  process.stderr.write(`${message.replace(/^/gm, 'producer: ')}\n`)
  return error instanceof ProducerError && error.code === 'usage' ? 64 : 1
}
