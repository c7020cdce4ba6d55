import { accessSync, constants, statSync } from 'node:fs'
import { ExitCode, ExitError, type Logger, messageOf, printText, renderSettings } from '@card/app-kit'
import { whyUnwritable } from '../output/writable.js'
import type { Settings } from './settings.js'

/**
 * Prints the effective configuration; first, when asked to check it, opens what a run would open.
 *
 * @throws ExitError (78) for what a run could not open or connect to
 */
export async function showSettings(settings: Settings, check: boolean, log: Logger): Promise<ExitCode> {
  let connection: string | null = null
  if (settings.values.brokers !== null) {
    const { checkTopics, printableConnection } = await import('../kafka/check-topics.js')
    connection = await printableConnection(settings.values)
    if (check) await checkTopics(settings.values, log)
  }
  if (check) checkSettings(settings)
  // What calendar sizes and local times go by: it changes with Node, and with it may what is counted.
  const zones = `# time-zone data: ${process.versions.tz ?? 'unknown'} (IANA, of Node ${process.versions.node})\n`
  printText(configText(settings) + zones + (connection === null ? '' : `# connection: ${connection}\n`))
  return ExitCode.done
}

/** The effective configuration as YAML that `--config` reads again, the source of each value behind it. */
export function configText(settings: Settings): string {
  const files = settings.files.map((file) => JSON.stringify(file)).join(', ')
  return renderSettings(settings) + (settings.values.brokers === null ? `files: [${files}]\n` : '')
}

/**
 * Opens what a run would open, without reading or writing a byte.
 *
 * @throws ExitError (78) naming every input that cannot be read and every output that cannot be written
 */
function checkSettings(settings: Settings): void {
  const problems: string[] = []
  for (const file of settings.files) {
    if (file === '-') continue
    try {
      accessSync(file, constants.R_OK)
      if (statSync(file).isDirectory()) problems.push(`${file}: is a directory, expected a file`)
    } catch (error) {
      problems.push(messageOf(error))
    }
  }
  for (const name of ['rejects-file', 'late-file', 'summary'] as const) {
    const file = settings.values[name]
    if (file === null) continue
    const why = whyUnwritable(file)
    if (why !== null) problems.push(`--${name} ${file}: ${why}`)
  }
  if (problems.length > 0) throw new ExitError(ExitCode.configuration, problems)
}
