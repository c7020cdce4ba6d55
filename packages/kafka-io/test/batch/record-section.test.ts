import { gzipSync } from 'node:zlib'
import lz4 from 'lz4-napi'
import { expect, test } from 'vitest'
import { readFetchResponse } from '../../src/batch/fetch-response.js'
import { type RecordSection, SectionGatherer } from '../../src/batch/record-section.js'
import { recordValue, sectionRecords } from '../../src/index.js'
import { PartitionReader } from '../../src/source/partition-reader.js'
import { encodeAnswer, encodeBatch } from '../support/encode-batch.js'

const plain = { codec: 0 }
const packed = { codec: 3, compress: (bytes: Uint8Array) => lz4.compressFrameSync(Buffer.from(bytes)) }
const zipped = { codec: 1, compress: (bytes: Uint8Array) => gzipSync(bytes) }

test('sections hold the records of their batches as they were written, whatever codecs are mixed', () => {
  const codecs = [plain, packed, plain, zipped, packed, packed]
  const log = codecs.map((codec, i) => batch(10 * i, 10 * i + 10, 20_000 * (i + 1), codec))
  const sections = sectionsOf(Buffer.concat(log), 0, null)
  const expected = codecs.map((_, i) => batch(10 * i, 10 * i + 10, 20_000 * (i + 1), plain).subarray(61))
  expect(sections.map(({ baseOffset, lastOffset, count }) => [baseOffset, lastOffset, count])).toEqual(
    codecs.map((_, i) => [10 * i, 10 * i + 9, 10]),
  )
  for (const [i, { records }] of sections.entries()) expect(records.equals(expected[i]!)).toBe(true)
})

test('a section names the records that were asked for: from the position, up to the end', () => {
  const log = Buffer.concat([batch(0, 10, 1, plain), batch(10, 20, 1, packed), batch(20, 30, 1, plain)])
  const sections = sectionsOf(log, 13, 25)
  expect(sections.map(({ baseOffset, fromOffset, toOffset }) => [baseOffset, fromOffset, toOffset])).toEqual([
    [10, 13, 25],
    [20, 20, 25],
  ])
})

test('the records of a section are told apart, those that were not asked for left out', () => {
  const log = Buffer.concat([batch(0, 10, 5, plain), batch(10, 20, 5, packed)])
  const reader = sectionsOf(log, 13, 18)
  const columns = sectionRecords(reader.at(-1)!)
  expect(Array.from(columns.offset.subarray(0, columns.rows))).toEqual([13, 14, 15, 16, 17])
  expect(recordValue(columns, 0)).toHaveLength(5)
})

test('a section names the times of its batch', () => {
  const records = [5, 3, 9].map((timestamp, offset) => ({ offset, timestamp, key: null, value: null }))
  const log = encodeBatch({ baseOffset: 0, lastOffset: 2, records, brokerTime: true })
  expect(sectionsOf(log, 0, null)[0]).toMatchObject({ baseTimestamp: 5, maxTimestamp: 9, brokerTime: true })
})

test('an answer is given back when all its readers have come to its end, and not before', () => {
  const log = batch(0, 3, 10, plain)
  const given: number[] = []
  const answer = encodeAnswer([
    { topic: 't', partition: 0, highWatermark: 3, records: log },
    { topic: 't', partition: 1, highWatermark: 3, records: log },
  ])
  const response = readFetchResponse(answer)
  const gatherer = new SectionGatherer(1_000_000)
  const readers = [0, 1].map((partition) => {
    const options = { readCommitted: false, verify: true, onRead: () => given.push(partition) }
    const reader = new PartitionReader(
      { topic: 't', partition },
      { position: 0, end: null, topicId: null },
      options,
    )
    reader.take(response.partitions[partition]!, response)
    return reader
  })
  expect(response.readers).toBe(2)
  expect(given).toEqual([])
  for (const reader of readers)
    expect(reader.next(gatherer)).toMatchObject({ kind: 'sections', nextOffset: 3 })
  expect(given).toEqual([0, 1])
})

function batch(from: number, to: number, length: number, codec: typeof plain) {
  const records = Array.from({ length: to - from }, (_, i) => ({
    offset: from + i,
    timestamp: 1000 + i,
    key: Buffer.from(`key ${i}`),
    value: Buffer.alloc(length, `value ${from + i}, `),
  }))
  return encodeBatch({ baseOffset: from, lastOffset: to - 1, records, ...codec })
}

/** The sections of all events of a partition with this log, their records copied. */
function sectionsOf(log: Buffer, position: number, end: number | null) {
  const reader = new PartitionReader(
    { topic: 't', partition: 0 },
    { position, end, topicId: null },
    {
      readCommitted: false,
      verify: true,
    },
  )
  const answer = encodeAnswer([{ topic: 't', partition: 0, highWatermark: 100, records: log }])
  const response = readFetchResponse(answer)
  reader.take(response.partitions[0]!, response)
  const gatherer = new SectionGatherer(10_000_000)
  const found: (RecordSection & { records: Buffer })[] = []
  while (reader.ready) {
    const event = reader.next(gatherer)
    if (event?.kind !== 'sections') break
    for (const section of event.sections) {
      found.push({ ...section, records: Buffer.from(section.bytes.subarray(section.start, section.end)) })
    }
  }
  return found
}
