#!/usr/bin/env node
import { version } from '../package.json'
import { count } from './count-command.js'
import { ExitCode, ExitError } from './exit.js'
import { createLog } from './log.js'
import { readCommandLine } from './settings/command-line.js'
import { checkSettings, renderSettings } from './settings/config-command.js'
import { settle } from './settings/settings.js'
import { Stop } from './stop.js'

async function main(): Promise<ExitCode> {
  const invocation = readCommandLine(process.argv.slice(2), version)
  if (invocation.command === 'nothing') return ExitCode.done
  const settings = settle(invocation.given, process.env)
  if (invocation.command === 'config') {
    if (invocation.check) checkSettings(settings)
    process.stdout.write(renderSettings(settings))
    return ExitCode.done
  }
  const stop = new Stop()
  stop.listen()
  return count(settings, stop, createLog(settings.values['log-level']))
}

main().then(
  (code) => {
    // A pipe that is still open for reading would keep the process; everything is written by now.
    process.exit(code)
  },
  (error) => {
    if (!(error instanceof ExitError)) throw error
    for (const problem of error.problems) process.stderr.write(`counter-worker: ${problem}\n`)
    process.exit(error.code)
  },
)
