#!/usr/bin/env node
import { createLog, ExitCode, ExitError, readCommandLine, Stop } from '@card/app-kit'
import { countFiles } from './count-files.js'
import { limitHeapGrowth } from './heap-growth.js'
import { logNotices, stopExpired, textNotices } from './output/notices.js'
import { program } from './settings/program.js'
import { readSettings } from './settings/settings.js'
import { refuseSharedPaths } from './settings/shared-paths.js'

let notices = textNotices

async function main(): Promise<ExitCode> {
  const invocation = readCommandLine(program, process.argv.slice(2))
  if (invocation === null) return ExitCode.done
  const counting = invocation.command === program.name
  const settings = readSettings(invocation.given, process.env)
  refuseSharedPaths(settings, counting)
  const { brokers, 'log-level': level, 'log-format': format } = settings.values
  const service = counting && brokers !== null
  const isLogged = service || format === 'json'
  const log = createLog({ name: program.name, level, format, loadNow: isLogged })
  // A log that is silent must not hide why the worker ends.
  if (isLogged && level !== 'silent') notices = logNotices(log, brokers === null ? 'line' : 'record')
  if (invocation.command === 'explain') {
    const { explainInput } = await import('./explain/explain-command.js')
    return explainInput(settings, invocation.switches.has('json'), log)
  }
  if (!counting) {
    const { showSettings } = await import('./settings/config-command.js')
    return showSettings(settings, invocation.switches.has('check'), log)
  }
  if (settings.values['group-by'] !== null) limitHeapGrowth()
  const stop = new Stop()
  stop.listen({ milliseconds: 10_000, onExpired: () => stopExpired(notices) })
  if (!service) return countFiles(settings, stop, log)
  const { countTopics } = await import('./count-topics.js')
  return countTopics(settings, stop, log)
}

// A reader of stderr that has gone takes nothing but messages with it.
process.stderr.on('error', () => {})

main().then(
  (code) => {
    // A pipe that is still open for reading would keep the process; everything is written by now.
    process.exit(code)
  },
  (error) => {
    if (!(error instanceof ExitError)) throw error
    notices.failed(error)
    process.exit(error.code)
  },
)
