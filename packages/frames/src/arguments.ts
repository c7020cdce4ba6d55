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
  throw badArgument(caller, what, value)
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** @throws {FramesError} `bad-argument` unless the value is a whole number from `least` to `most` */
export function checkInteger(
  caller: string,
  name: string,
  value: unknown,
  least: number,
  most: number = Number.MAX_SAFE_INTEGER,
): void {
  if (Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most) return
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`
  throw badArgument(caller, `${name} as a whole number ${range}`, value)
}

/** @throws {FramesError} `bad-argument` unless the value is a number */
export function checkNumber(caller: string, name: string, value: unknown): void {
  if (typeof value !== 'number' || Number.isNaN(value))
    throw badArgument(caller, `${name} as a number`, value)
}

export function badArgument(caller: string, expected: string, found: unknown): FramesError {
  return new FramesError('bad-argument', `${caller}: expected ${expected}, found ${shown(found)}`)
}
