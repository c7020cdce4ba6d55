import { expect, test } from 'vitest'
import { readFetchResponse } from '../../src/batch/fetch-response.js'
import { RecordReader } from '../../src/batch/record-reader.js'
import { PartitionReader } from '../../src/source/partition-reader.js'
import { encodeAnswer, encodeBatch, encodeMarker, type PartitionAnswer } from '../support/encode-batch.js'
import { rowsOf } from '../support/kafka.js'

const records = new RecordReader(1_000_000)

test('an empty batch that compaction has left moves the position', () => {
  const reader = readerAt(10)
  take(reader, { highWatermark: 22, records: empty(10, 19) })
  expect(reader.fetchPosition).toBe(20)
  expect(offsets(reader)).toEqual([])
  expect(reader.status).toMatchObject({ position: 20, caughtUp: false, lag: 2 })
})

test('a position within a batch starts there, not at the beginning of the batch', () => {
  const reader = readerAt(13)
  take(reader, { highWatermark: 20, records: batch(10, 20) })
  expect(offsets(reader)).toEqual([13, 14, 15, 16, 17, 18, 19])
})

test('batches of one answer come together, without copies', () => {
  const reader = readerAt(0)
  take(reader, {
    highWatermark: 9,
    records: Buffer.concat([batch(0, 3), batch(3, 6), empty(6, 7), batch(8, 9)]),
  })
  const event = reader.next(records)
  expect(rowsOf(event!).map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4, 5, 8])
  expect(event).toMatchObject({ firstOffset: 0, nextOffset: 9, highWatermark: 9 })
})

test('a batch cut off by the size of the answer is asked for again', () => {
  const reader = readerAt(0)
  take(reader, { highWatermark: 6, records: Buffer.concat([batch(0, 3), batch(3, 6).subarray(0, 70)]) })
  expect(reader.fetchPosition).toBe(3)
  expect(offsets(reader)).toEqual([0, 1, 2])
})

test('records of aborted transactions are left out, also between interleaved producers', () => {
  const part = (from: number, to: number, producerId: bigint) =>
    encodeBatch({ ...plain(from, to), transactional: true, producerId })
  const log = Buffer.concat([
    part(0, 2, 1n),
    part(2, 4, 2n),
    part(4, 6, 3n),
    part(6, 8, 1n),
    encodeMarker(8, 2n, 'commit'),
    encodeMarker(9, 1n, 'abort'),
    part(10, 12, 1n),
    encodeMarker(12, 3n, 'abort'),
    encodeMarker(13, 1n, 'commit'),
    batch(14, 15),
  ])
  const aborted: [bigint, number][] = [
    [3n, 4],
    [1n, 0],
  ]
  const reader = readerAt(0)
  take(reader, { highWatermark: 15, records: log, aborted })
  expect(offsets(reader)).toEqual([2, 3, 10, 11, 14])
  expect(reader.position).toBe(15)

  const uncommitted = new PartitionReader(
    at,
    { position: 0, end: null, topicId: null },
    { readCommitted: false, verify: true },
  )
  take(uncommitted, { highWatermark: 15, records: log })
  expect(offsets(uncommitted)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 14])
})

test('the key of an aborted record cannot pass for a marker', () => {
  const key = new Uint8Array(4)
  const list = [0, 1].map((offset) => ({ offset, timestamp: 0, key, value: null }))
  const flags = { transactional: true, producerId: 1n }
  const log = Buffer.concat([
    encodeBatch({ baseOffset: 0, lastOffset: 1, records: list, ...flags }),
    encodeBatch({ ...plain(2, 4), ...flags }),
    encodeMarker(4, 1n, 'abort'),
  ])
  const reader = readerAt(0)
  take(reader, { highWatermark: 5, records: log, aborted: [[1n, 0]] })
  expect(offsets(reader)).toEqual([])
  expect(reader.status).toMatchObject({ position: 5, caughtUp: true, lag: 0 })
})

test('up to an end, records behind it are left out though they share its batch', () => {
  const reader = readerAt(0, 5)
  take(reader, { highWatermark: 9, records: Buffer.concat([batch(0, 3), batch(3, 7), batch(7, 9)]) })
  expect(reader.fetched).toBe(true)
  expect(offsets(reader)).toEqual([0, 1, 2, 3, 4])
  expect(reader.status).toMatchObject({ position: 5, ended: true })
})

test('a partition that is empty up to its end ends at once', () => {
  const reader = readerAt(7, 7)
  expect(reader.next(records)).toMatchObject({ kind: 'end', nextOffset: 7 })
  expect(reader.next(records)).toBeNull()
})

test('an open transaction holds a reader of committed records up, and it is not caught up there', () => {
  const reader = readerAt(0)
  take(reader, { highWatermark: 9, lastStableOffset: 3, records: batch(0, 3) })
  expect(reader.status).toMatchObject({ caughtUp: false, waitsForTransaction: false })
  expect(offsets(reader)).toEqual([0, 1, 2])
  expect(reader.status).toMatchObject({ caughtUp: false, waitsForTransaction: true, lag: 6 })
})

test('a gap is told in its place', () => {
  const reader = readerAt(0)
  take(reader, { highWatermark: 50, records: batch(0, 2) })
  reader.jump('retention', 40)
  take(reader, { highWatermark: 50, records: batch(40, 42) })
  expect(rowsOf(reader.next(records)!)).toHaveLength(2)
  expect(reader.next(records)).toMatchObject({ kind: 'gap', reason: 'retention', from: 2, to: 40 })
  expect(offsets(reader)).toEqual([40, 41])
})

test('a recreated topic is reported once, by the position that is gone or by its lower end', () => {
  const reader = readerAt(0)
  take(reader, { highWatermark: 10, records: batch(0, 10) })
  expect(offsets(reader)).toHaveLength(10)
  reader.wasUnknown = true
  reader.jump('recreated', 0)
  take(reader, { highWatermark: 3, records: batch(0, 3) })
  expect(reader.next(records)).toMatchObject({ kind: 'gap', reason: 'recreated', from: 10, to: 0 })
  expect(offsets(reader)).toEqual([0, 1, 2])

  reader.wasUnknown = true
  take(reader, { highWatermark: 2, records: Buffer.alloc(0) })
  expect(reader.next(records)).toMatchObject({ kind: 'gap', reason: 'recreated', from: 3, to: 0 })
  take(reader, { highWatermark: 2, records: batch(0, 2) })
  expect(offsets(reader)).toEqual([0, 1])
})

test('a damaged batch is refused with its offset, unless checksums are not asked for', () => {
  const damaged = batch(5, 6)
  damaged[damaged.length - 2]! ^= 1
  const reader = readerAt(5)
  take(reader, { highWatermark: 6, records: damaged })
  expect(() => reader.next(records)).toThrow(/offset 5 has checksum/)
  const trusting = new PartitionReader(
    at,
    { position: 5, end: null, topicId: null },
    { readCommitted: true, verify: false },
  )
  take(trusting, { highWatermark: 6, records: damaged })
  expect(offsets(trusting)).toEqual([5])
})

const at = { topic: 't', partition: 3 }

function readerAt(position: number, end: number | null = null): PartitionReader {
  return new PartitionReader(at, { position, end, topicId: null }, { readCommitted: true, verify: true })
}

function take(reader: PartitionReader, answer: Omit<PartitionAnswer, 'topic' | 'partition'>): void {
  const response = readFetchResponse(encodeAnswer([{ ...at, ...answer }]))
  expect(response.partitions).toHaveLength(1)
  reader.take(response.partitions[0]!, response)
}

function offsets(reader: PartitionReader): number[] {
  const all: number[] = []
  while (reader.ready) {
    const event = reader.next(records)
    if (event !== null) all.push(...rowsOf(event).map(({ offset }) => offset))
  }
  return all
}

function plain(from: number, to: number) {
  const list = Array.from({ length: to - from }, (_, i) => ({
    offset: from + i,
    timestamp: 0,
    key: null,
    value: null,
  }))
  return { baseOffset: from, lastOffset: to - 1, records: list }
}

function batch(from: number, to: number): Buffer {
  return encodeBatch(plain(from, to))
}

function empty(baseOffset: number, lastOffset: number): Buffer {
  return encodeBatch({ baseOffset, lastOffset, records: [] })
}
