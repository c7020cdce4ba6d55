import pino, { type Logger } from 'pino'

export type { Logger }

/** JSON lines on stderr, written at once, so that nothing is lost when the process ends. */
export function createLog(level: string): Logger {
  return pino({ name: 'counter-worker', level }, pino.destination({ dest: 2, sync: true }))
}
