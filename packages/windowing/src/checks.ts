import { WindowingError } from './errors.js'

/** A value for a message: text in quotes, shortened. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'object' && value !== null) return 'an object'
  return String(value)
}

/** Whether a value is an object with named members. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The problems with the names of members: unknown ones, each with the name that was probably meant. */
export function unknownNames(owner: string, given: object, known: readonly string[]): string[] {
  return Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const meant = known.find((other) => isNear(name.toLowerCase(), other.toLowerCase()))
      const hint = meant === undefined ? `known are ${known.join(', ')}` : `did you mean "${meant}"?`
      return `Unknown option ${shown(name)} of ${owner}: ${hint}.`
    })
}

/** Whether one of two names begins with the other, or they are at most two insertions, deletions or replacements apart. */
function isNear(a: string, b: string): boolean {
  if (Math.min(a.length, b.length) >= 4 && (a.startsWith(b) || b.startsWith(a))) return true
  if (Math.abs(a.length - b.length) > 2) return false
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    }
    row = next
  }
  return row[b.length]! <= 2
}

/** @throws WindowingError bad-argument unless a value is a time: a number, infinite where that means something */
export function expectTime(name: string, value: unknown): void {
  if (typeof value === 'number' && !Number.isNaN(value)) return
  throw badArgument(name, 'a time as a number of milliseconds', value)
}

/** @throws WindowingError bad-argument unless a value can be the id of a partition */
export function expectPartitionId(value: unknown): void {
  if (!Number.isSafeInteger(value)) throw badArgument('partition', 'a whole number', value)
}

/** The refusal of an argument. */
export function badArgument(name: string, expected: string, found: unknown): WindowingError {
  return new WindowingError('bad-argument', `Expected ${name} to be ${expected}, found ${shown(found)}.`)
}

/** What kind of object a value is, of this realm or another: `Float64Array`. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1)
}

/** @throws WindowingError bad-argument unless a value can be the id of a group; the id itself may be in use or not */
export function expectGroupId(group: unknown): void {
  if (typeof group === 'number' && group >>> 0 === group) return
  throw badArgument('group', 'the id of a group, a whole number from 0', group)
}

/** @throws WindowingError bad-argument unless a value can count events */
export function expectCount(name: string, value: unknown): void {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return
  throw badArgument(name, 'a whole number from 0', value)
}

/** @throws WindowingError bad-argument unless a value is undefined, or names groups and finds them by name */
export function expectGroupNames(groups: unknown): void {
  if (groups === undefined) return
  if (isObject(groups) && typeof groups.name === 'function' && typeof groups.id === 'function') return
  throw badArgument('groups', 'an object with the functions name and id', groups)
}

/**
 * Checks the options of a snapshot: `groups`, and the names of flags that it may have besides.
 *
 * @throws WindowingError bad-argument
 */
export function expectSnapshotOptions(options: unknown, flags: readonly string[] = []): void {
  const form = `an object { ${['groups', ...flags].join(', ')} }`
  if (!isObject(options)) throw badArgument('options', form, options)
  for (const [name, value] of Object.entries(options)) {
    if (name === 'groups') expectGroupNames(value)
    else if (!flags.includes(name)) throw badArgument('options', form, name)
    else if (value !== undefined && typeof value !== 'boolean')
      throw badArgument(name, 'true or false', value)
  }
}
