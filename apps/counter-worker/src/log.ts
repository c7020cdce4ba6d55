import type { Logger as Pino } from 'pino'
import { loadPackage } from './load-package.js'

/** A line of the log: fields and a message, or a message alone. */
type Write = (fields: object | string, message?: string) => void

export interface Logger {
  readonly error: Write
  readonly warn: Write
  readonly info: Write
  readonly debug: Write
}

/** The least important level first. */
const levels = ['debug', 'info', 'warn', 'error'] as const

/**
 * JSON lines on stderr, written at once, so that nothing is lost when the process ends. pino is loaded by the first line
 * that is to be written.
 *
 * @param level one of the levels or `silent`
 */
export function createLog(level: string): Logger {
  let log: Pino | undefined
  const open = () => {
    const { pino } = loadPackage('pino') as typeof import('pino')
    return pino({ name: 'counter-worker', level }, pino.destination({ dest: 2, sync: true }))
  }
  const least = level === 'silent' ? levels.length : levels.indexOf(level as (typeof levels)[number])
  const writer =
    (at: (typeof levels)[number]): Write =>
    (fields, message) => {
      if (levels.indexOf(at) < least) return
      log ??= open()
      log[at](fields, message)
    }
  return { error: writer('error'), warn: writer('warn'), info: writer('info'), debug: writer('debug') }
}
