import fc from 'fast-check'
import lz4 from 'lz4-napi'
import { describe, expect, test } from 'vitest'
import { readBatchHeader, verifyChecksum } from '../../src/batch/batch-header.js'
import { RecordReader } from '../../src/batch/record-reader.js'
import { KafkaIoError, recordKey, recordValue } from '../../src/index.js'
import { encodeBatch, type PlainRecord } from '../support/encode-batch.js'

const bytes = (maxLength: number) => fc.option(fc.uint8Array({ maxLength }), { nil: null })
const header = fc.tuple(fc.uint8Array({ maxLength: 5 }), bytes(5))
const time = fc.oneof(fc.integer({ min: 0, max: 4102444800000 }), fc.constantFrom(-1, 0, 1468244384000))
const records = fc
  .array(
    fc.record({
      gap: fc.nat(300),
      timestamp: time,
      key: bytes(200),
      value: fc.oneof(
        bytes(300),
        fc.nat(20_000).map((length) => new Uint8Array(length).fill(length)),
      ),
      headers: fc.array(header, { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 20 },
  )
  .map((list) => {
    let offset = 0
    return list.map(({ gap, ...record }): PlainRecord => {
      offset += 1 + gap
      return { ...record, offset }
    })
  })

describe('any batch', () => {
  test('is read back as it was written, from any offset on', () => {
    fc.assert(
      fc.property(records, fc.nat(2 ** 40), fc.nat(400), fc.boolean(), (list, base, from, packed) => {
        const moved = list.map((record) => ({ ...record, offset: record.offset + base }))
        const codec = packed
          ? { codec: 3, compress: (plain: Uint8Array) => lz4.compressFrameSync(Buffer.from(plain)) }
          : {}
        const batch = encodeBatch({
          baseOffset: base,
          lastOffset: moved.at(-1)!.offset,
          records: moved,
          ...codec,
        })
        const expected = moved
          .filter(({ offset }) => offset >= base + from)
          .map(({ offset, timestamp, key, value }) => ({
            offset,
            timestamp,
            key: hex(key),
            value: hex(value),
          }))
        expect(read(batch, base + from)).toEqual(expected)
      }),
      { numRuns: 200 },
    )
  })

  test('with one bit flipped is refused', () => {
    fc.assert(
      fc.property(records, fc.nat(), (list, where) => {
        const batch = encodeBatch({ baseOffset: 0, lastOffset: list.at(-1)!.offset, records: list })
        const whole = read(batch, 0)
        // The base offset, the length and the leader's epoch are outside the checksum.
        const bit = 136 + (where % ((batch.length - 17) * 8))
        batch[bit >> 3]! ^= 1 << (bit & 7)
        expect(whole).toHaveLength(list.length)
        expect(attempt(() => read(batch, 0))).toBe('corrupt-batch')
      }),
    )
  })

  test('without its checksum, any bytes are read or refused by a code', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer(), (body, count) => {
        const batch = encodeBatch({ baseOffset: 0, lastOffset: 100, records: [], compress: () => body })
        batch.writeInt32BE(count, 57)
        const found = attempt(() => read(batch, 0, false))
        if (typeof found === 'string') expect(found).toBe('corrupt-batch')
        else expect(found.length).toBeLessThanOrEqual(100)
      }),
      { numRuns: 500 },
    )
  })
})

test('a batch that says it holds two billion records is refused without making room for them', () => {
  const batch = encodeBatch({ baseOffset: 0, lastOffset: 0, records: [] })
  batch.writeInt32BE(2 ** 31 - 1, 57)
  expect(attempt(() => read(batch, 0, false))).toBe('corrupt-batch')
})

test('records of a topic stamped by the broker all have the time of their batch', () => {
  const list = [5, 9, 7].map((timestamp, offset) => ({ offset, timestamp, key: null, value: null }))
  const batch = encodeBatch({ baseOffset: 0, lastOffset: 2, records: list, brokerTime: true })
  expect(read(batch, 0).map(({ timestamp }) => timestamp)).toEqual([9, 9, 9])
})

test('a batch cut by the end of the answer is left for the next fetch', () => {
  const batch = encodeBatch({
    baseOffset: 0,
    lastOffset: 0,
    records: [{ offset: 0, timestamp: 0, key: null, value: null }],
  })
  for (let length = 0; length < batch.length; length++) expect(headerOf(batch.subarray(0, length))).toBeNull()
  expect(headerOf(batch)).not.toBeNull()
})

test('the formats of old brokers are named', () => {
  const batch = encodeBatch({ baseOffset: 0, lastOffset: 0, records: [] })
  batch.writeInt8(1, 16)
  expect(() => headerOf(batch)).toThrow(/format 2, found 1/)
})

function headerOf(batch: Uint8Array) {
  return readBatchHeader(new DataView(batch.buffer, batch.byteOffset, batch.length), 0, batch.length)
}

function read(batch: Uint8Array, from: number, verify = true) {
  const found = headerOf(batch)
  if (found === null) throw new KafkaIoError('corrupt-batch', 'cut')
  if (verify) verifyChecksum(found, batch, new DataView(batch.buffer, batch.byteOffset, batch.length))
  const reader = new RecordReader(1_000_000)
  reader.append(found, batch, from)
  const { columns } = reader
  return Array.from({ length: columns.rows }, (_, row) => ({
    offset: columns.offset[row]!,
    timestamp: columns.timestamp[row]!,
    key: hex(recordKey(columns, row)),
    value: hex(recordValue(columns, row)),
  }))
}

function hex(part: Uint8Array | null): string | null {
  return part === null ? null : Buffer.from(part).toString('hex')
}

function attempt<T>(work: () => T): T | string {
  try {
    return work()
  } catch (error) {
    if (error instanceof KafkaIoError) return error.code
    throw error
  }
}
