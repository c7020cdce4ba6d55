import type { Logger as Pino } from 'pino'
import { loadPackage } from './load-package.js'
import { escapeControls } from './terminal/escape-controls.js'
import { statusLine } from './terminal/status-line.js'

/** Writes a line of the log: fields and a message, or a message alone. */
type Write = (fields: object | string, message?: string) => void

export interface Logger {
  readonly error: Write
  readonly warn: Write
  readonly info: Write
  readonly debug: Write
}

/** The least important level first. */
const levels = ['debug', 'info', 'warn', 'error'] as const
type Level = (typeof levels)[number]

export interface LogOptions {
  /** The name of the app, in every line. */
  readonly name: string
  /** One of the levels, or `silent`. */
  readonly level: string
  /** `json`: a JSON object a line; `text`: for people. Null: text on a terminal, otherwise JSON. */
  readonly format: 'json' | 'text' | null
  /**
   * Whether to load what writes JSON at once and not with the first line: Node 20.20 finds no package any more after it
   * has looked at a pipe.
   */
  readonly loadNow?: boolean
}

/** The log of a process: lines on stderr, written at once, so that nothing is lost when the process ends. */
export function createLog({ name, level, format, loadNow = false }: LogOptions): Logger {
  const text = (format ?? (process.stderr.isTTY ? 'text' : 'json')) === 'text'
  const write = text ? textLines() : jsonLines(name, loadNow && level !== 'silent')
  const least = level === 'silent' ? levels.length : levels.indexOf(level as Level)
  const writer =
    (at: Level): Write =>
    (fields, message) => {
      if (levels.indexOf(at) < least) return
      statusLine.clear()
      const own = typeof fields === 'string' ? {} : fields
      write(at, own, typeof fields === 'string' ? fields : (message ?? ''))
    }
  return { error: writer('error'), warn: writer('warn'), info: writer('info'), debug: writer('debug') }
}

type WriteLine = (level: Level, fields: object, message: string) => void

/** pino is loaded by the first line unless it is wanted at once: most runs over files write none. */
function jsonLines(name: string, loadNow: boolean): WriteLine {
  const open = () => {
    const { pino } = loadPackage('pino') as typeof import('pino')
    const options = {
      name,
      level: 'debug',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level: string) => ({ level }) },
    }
    return pino(options, pino.destination({ dest: 2, sync: true }))
  }
  let log: Pino | undefined = loadNow ? open() : undefined
  return (level, fields, message) => {
    log ??= open()
    log[level](fields, message)
  }
}

/** `2016-07-11T13:39:44.000Z WARN  message key=value`. */
function textLines(): WriteLine {
  return (level, fields, message) => {
    const pairs = Object.entries(fields).map(([key, value]) => ` ${key}=${valueText(value)}`)
    const time = new Date().toISOString()
    const line = `${time} ${level.toUpperCase().padEnd(5)} ${message}${pairs.join('')}`
    process.stderr.write(`${escapeControls(line, '\n')}\n`)
  }
}

function valueText(value: unknown): string {
  if (value instanceof Error) return JSON.stringify(value.message)
  return typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value)
}
