import { expect, test } from 'vitest'
import { SettledRecords } from '../../src/transaction/settled-records.js'
import { encodeBatch } from '../support/encode-batch.js'

test('a tail that compaction has taken is passed over, however much was written behind it', () => {
  const taken: number[] = []
  const records = new SettledRecords(
    () => true,
    ({ offset }) => taken.push(offset),
  )
  const record = (offset: number) => ({
    offset,
    timestamp: 0,
    key: Buffer.from('k'),
    value: Buffer.from('v'),
  })
  const batch = (offset: number) =>
    encodeBatch({ baseOffset: offset, lastOffset: offset, records: [record(offset)] })
  // Read to offset 5, the end of that moment; 3 and 4 are gone, and 7 is newer.
  const log = Buffer.concat([batch(2), batch(7)])
  const view = new DataView(log.buffer, log.byteOffset, log.length)
  expect(records.add(log, view, 0, log.length, 2, 5)).toBe(5)
  expect(taken).toEqual([2])
  const rest = batch(7)
  const restView = new DataView(rest.buffer, rest.byteOffset, rest.length)
  expect(records.add(rest, restView, 0, rest.length, 3, 5)).toBe(5)
})
