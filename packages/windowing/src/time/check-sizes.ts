import { isObject, shown, unknownNames } from '../checks.js'
import { nestsIn } from './nesting.js'
import type { WindowSize } from './size.js'

/** What is wrong with the shape of a list of window sizes; their values are checked where they are planned. */
export function sizeShapeProblems(name: string, sizes: unknown): string[] {
  if (!Array.isArray(sizes)) {
    return [
      `Expected ${name} to be an array of window sizes, such as { name: '1m', length: 60_000 }, found ${shown(sizes)}.`,
    ]
  }
  return sizes.flatMap((size, index) => oneSizeShapeProblems(`${name}[${index}]`, size))
}

/** What is wrong with the shape of one window size. */
export function oneSizeShapeProblems(name: string, size: unknown): string[] {
  if (!isObject(size))
    return [`Expected ${name} to be an object { name, length } or { name, unit }, found ${shown(size)}.`]
  const problems = unknownNames(name, size, ['name', 'length', 'offset', 'unit'])
  if (typeof size.name !== 'string') {
    problems.push(`Expected the name of ${name} to be a string, found ${shown(size.name)}.`)
  }
  const isCalendar = size.unit !== undefined
  if (isCalendar === (size.length !== undefined)) {
    problems.push(
      `Expected ${name} to have a length in milliseconds or a calendar unit, found ${isCalendar ? 'both' : 'neither'}.`,
    )
  }
  if (isCalendar && size.offset !== undefined)
    problems.push(`Expected ${name} to have no offset beside its unit; leave it out.`)
  return problems
}

/** What is wrong with the values of one size. */
export function sizeValueProblems(size: WindowSize): string[] {
  const problems: string[] = []
  if ('unit' in size) {
    if (size.unit in nestsIn) return problems
    return [`Expected the unit of "${size.name}" to be one of ${Object.keys(nestsIn)}, found "${size.unit}".`]
  }
  if (!Number.isSafeInteger(size.length) || size.length < 1) {
    problems.push(
      `Expected the length of "${size.name}" in whole milliseconds from 1, found ${shown(size.length)}.`,
    )
  }
  if (!Number.isSafeInteger(size.offset ?? 0)) {
    problems.push(`Expected the offset of "${size.name}" in whole milliseconds, found ${shown(size.offset)}.`)
  }
  return problems
}
