import fc from 'fast-check'
import { expect, test } from 'vitest'
import { recordSize, type SinkRecord, split } from '../../src/sink/split.js'
import { encodeBatch } from '../support/encode-batch.js'

const text = fc.string({ unit: 'grapheme', maxLength: 40 })
const record: fc.Arbitrary<SinkRecord> = fc.record({
  key: fc.option(text, { nil: null }),
  value: fc.option(fc.oneof(text, fc.uint8Array({ maxLength: 60 })), { nil: null }),
  headers: fc.dictionary(text, text, { maxKeys: 3, noNullPrototype: true }),
})

test('the parts are the records in order, none empty, each within its limits', () => {
  fc.assert(
    fc.property(
      fc.array(record),
      fc.integer({ min: 62, max: 2000 }),
      fc.integer({ min: 1, max: 10 }),
      (records, targetBytes, targetRecords) => {
        const parts = [...split('t', records, { targetBytes, targetRecords, limit: null })]
        expect(parts.flat()).toEqual(records)
        for (const part of parts) {
          expect(part.length).toBeGreaterThan(0)
          expect(part.length).toBeLessThanOrEqual(targetRecords)
          if (part.length > 1) expect(sizeOf(part)).toBeLessThanOrEqual(targetBytes)
        }
      },
    ),
  )
})

test('the size of a record is never below what it takes in a batch', () => {
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 5 }), (records) => {
      expect(sizeOf(records)).toBeLessThanOrEqual(
        61 + records.reduce((sum, each) => sum + recordSize(each), 0),
      )
    }),
  )
})

test('a record alone beyond the limit is refused, one just below it is not', () => {
  const value = 'x'.repeat(1000)
  const size = recordSize({ value }) + 61
  const limits = { targetBytes: 500, targetRecords: 10 }
  expect([...split('t', [{ value }], { ...limits, limit: size })]).toHaveLength(1)
  expect(() => [...split('results', [{ value }], { ...limits, limit: size - 1 })]).toThrow(
    /results.*max\.message\.bytes/,
  )
})

function sizeOf(records: readonly SinkRecord[]): number {
  const bytes = (part: SinkRecord['key']) =>
    part === null || part === undefined ? null : Buffer.from(part as string)
  return encodeBatch({
    baseOffset: 0,
    lastOffset: records.length - 1,
    records: records.map(({ key, value, headers = {} }, offset) => ({
      offset,
      timestamp: Date.UTC(2026, 0, 1),
      key: bytes(key),
      value: bytes(value),
      headers: Object.entries(headers).map(([name, content]) => [Buffer.from(name), bytes(content)]),
    })),
  }).length
}
