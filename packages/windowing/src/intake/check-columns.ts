import { badArgument, isObject, tagOf } from '../checks.js'
import { WindowingError } from '../errors.js'
import type { EventColumns } from './event-columns.js'

type Column = Float64Array | Uint32Array | Uint8Array

/**
 * Refuses columns that are none: a plain array of times, hashes of one word a row. Further members of the object are left
 * alone, since it may serve others too.
 *
 * @throws WindowingError bad-argument
 */
export function expectColumns(columns: EventColumns, from: number, to: number): void {
  if (!isObject(columns)) throw badArgument('columns', 'an object of typed arrays', columns)
  if (!Number.isSafeInteger(from) || from < 0) throw badArgument('from', 'a row from 0', from)
  if (!Number.isSafeInteger(to) || to < from) throw badArgument('to', `a row from ${from}`, to)
  const { time, hash, group, status, offset } = columns
  expectColumn('time', time, Float64Array, to)
  if (hash !== undefined) expectColumn('hash', hash, Uint32Array, 4 * to)
  if (group !== undefined) expectColumn('group', group, Uint32Array, to)
  if (status !== undefined) expectColumn('status', status, Uint8Array, to)
  if (offset !== undefined) expectColumn('offset', offset, Float64Array, to)
}

function expectColumn(
  name: string,
  column: Column,
  kind: { new (): Column; name: string },
  entries: number,
): void {
  // An array of another realm (a frame, a `vm` context) is no instance of this one's class.
  if (!(column instanceof kind) && tagOf(column) !== kind.name) {
    throw badArgument(`columns.${name}`, `a ${kind.name}`, column)
  }
  if (column.length >= entries) return
  throw new WindowingError(
    'bad-argument',
    `Expected columns.${name} to hold ${entries} entries for the rows up to the last, found ${column.length}.`,
  )
}
