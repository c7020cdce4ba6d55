#!/usr/bin/env node
import { version } from '../package.json'
import { countFiles } from './count-files.js'
import { ExitCode, ExitError } from './exit.js'
import { createLog } from './log.js'
import { readCommandLine } from './settings/command-line.js'
import { settle } from './settings/settings.js'
import { refuseSharedPaths } from './settings/shared-paths.js'
import { Stop } from './stop.js'

async function main(): Promise<ExitCode> {
  const invocation = readCommandLine(process.argv.slice(2), version)
  if (invocation.command === 'nothing') return ExitCode.done
  const settings = settle(invocation.given, process.env)
  refuseSharedPaths(settings, invocation.command === 'count')
  const log = createLog(settings.values['log-level'])
  if (invocation.command === 'config') {
    const { showSettings } = await import('./settings/config-command.js')
    return showSettings(settings, invocation.check, log)
  }
  const stop = new Stop()
  stop.listen()
  if (settings.values.brokers === null) return countFiles(settings, stop, log)
  const { countTopics } = await import('./count-topics.js')
  return countTopics(settings, stop, log)
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
