import { badArgument, checkBytes, checkNumber, checkObject } from '../arguments.js'
import type { FrameRecords } from './record-walk.js'

const numbers = [
  'start',
  'end',
  'count',
  'baseOffset',
  'lastOffset',
  'baseTimestamp',
  'maxTimestamp',
  'fromOffset',
  'toOffset',
] as const

/** Checks the form of a batch, once for all of its records. @throws {FramesError} `bad-argument` */
export function checkRecords(caller: string, records: FrameRecords): void {
  checkObject(
    caller,
    `the records of a batch as an object { bytes, ${numbers.join(', ')}, brokerTime }`,
    records,
  )
  checkBytes(`${caller} (bytes)`, records.bytes)
  for (const name of numbers) checkNumber(caller, name, records[name])
  const { bytes, start, end, brokerTime } = records
  const isRange = Number.isInteger(start) && Number.isInteger(end) && start >= 0 && end <= bytes.length
  if (!isRange || start > end) {
    throw badArgument(caller, `start and end within the ${bytes.length} bytes`, `${start} and ${end}`)
  }
  if (typeof brokerTime !== 'boolean') throw badArgument(caller, 'brokerTime as true or false', brokerTime)
}
