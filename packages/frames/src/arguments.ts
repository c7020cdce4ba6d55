import { FramesError } from './errors.js'

const longestText = 60

/** A value as an error message shows it: short, and whatever it is without throwing. */
export function shown(value: unknown): string {
  if (typeof value === 'string') {
    return JSON.stringify(value.length > longestText ? `${value.slice(0, longestText)}…` : value)
  }
  if (typeof value === 'function') return 'a function'
  if (typeof value !== 'object' || value === null) return String(value)
  if (Array.isArray(value)) return 'an array'
  const kind = Object.prototype.toString.call(value).slice(8, -1)
  return kind === 'Object' ? 'an object' : `an object of type ${kind}`
}

/** @throws {FramesError} `bad-argument` unless the value is a Uint8Array (a Buffer is one), of this realm or another */
export function checkBytes(caller: string, value: unknown): void {
  if (value instanceof Uint8Array || Object.prototype.toString.call(value) === '[object Uint8Array]') return
  throw new FramesError(
    'bad-argument',
    `${caller}: expected bytes as a Uint8Array, found ${shown(value)}; encode text with a TextEncoder, and wrap an ArrayBuffer`,
  )
}

/** @throws {FramesError} `bad-argument` unless the value is an object that is no array */
export function checkObject(caller: string, what: string, value: unknown): void {
  if (isPlainObject(value)) return
  throw new FramesError('bad-argument', `${caller}: expected ${what}, found ${shown(value)}`)
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** @throws {FramesError} `bad-argument` unless the value is a number */
export function checkSize(caller: string, value: unknown): void {
  if (typeof value === 'number' && !Number.isNaN(value)) return
  throw new FramesError('bad-argument', `${caller}: expected a number, found ${shown(value)}`)
}
