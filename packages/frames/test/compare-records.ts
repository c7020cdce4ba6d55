import { type FrameOptions, FrameReader, type FrameRecords } from '../src/index.js'
import { baseOffset, encodeRecords, type PlainRecord } from './encode-records.js'
import { tails } from './hard-lines.js'
import type { Model } from './model.js'
import { bytesOf, plainOptions, takeRows } from './read-all.js'

/**
 * Reads batches of records with the scanner and without, and throws where their rows, their times or the end differ.
 * Returns how many values the scanner judged itself.
 */
export function compareRecords(batches: readonly FrameRecords[]): number {
  for (const paths of [
    { key: '@key', time: '@timestamp', groupBy: 'grp' },
    { key: '@value', time: '@timestamp' },
  ]) {
    compare(batches, { ...plainOptions, ...paths, input: 'records' })
  }
  return compare(batches, { ...plainOptions, groupBy: 'grp' })
}

function compare(batches: readonly FrameRecords[], options: FrameOptions): number {
  const scanner = new FrameReader({ ...options, rows: 50 })
  const parser = new FrameReader({ ...options, rows: 50, simd: false })
  for (const batch of batches) {
    const found = JSON.stringify(readBatch(scanner, batch))
    const expected = JSON.stringify(readBatch(parser, batch))
    if (found !== expected) throw new Error(`Records differ: scanner ${found}, JSON.parse ${expected}`)
  }
  return scanner.lines - scanner.blank - scanner.fallbacks
}

function readBatch(reader: FrameReader, batch: FrameRecords) {
  const rows: Model['rows'] = []
  const times: number[] = []
  const take = () => {
    takeRows(reader, rows)
    times.push(...reader.recordTime.subarray(0, reader.columns.rows))
    reader.clear()
  }
  const { lines } = reader
  let refused = ''
  try {
    while (!reader.pushRecords(batch)) take()
  } catch (error) {
    refused = (error as Error).message
  }
  take()
  return { rows, times, refused, lines: reader.lines - lines }
}

/** Batches of records whose numbers have one byte or several, with and without what may be missing. */
export function hardBatches(): FrameRecords[] {
  const small = { value: bytesOf('{"uid":"u","ts":1}') }
  const values = tails.map((tail) => bytesOf(`{"p":"${'f'.repeat(50)}",${tail}`))
  const list: PlainRecord[] = [
    small,
    { value: null },
    { value: bytesOf(' ') },
    { ...small, key: new Uint8Array(0) },
    { ...small, key: bytesOf('k'.repeat(63)) },
    { ...small, key: bytesOf('k'.repeat(64)) },
    {
      ...small,
      headers: [
        [bytesOf('h'), null],
        [bytesOf('i'), bytesOf('\n"}')],
      ],
    },
    { value: bytesOf(`{"uid":"u","ts":1,"x":"${'f'.repeat(9000)}"}`) },
    ...[-1, 1, 63, 64, -64, -65, 1e6, -1e9, -2e12].map((timeDelta) => ({ ...small, timeDelta })),
    ...values.map((value) => ({ value })),
  ]
  const spread = list.map((record, i) => ({ ...record, offsetDelta: 7 * i }))
  return [
    encodeRecords(list),
    encodeRecords(spread, { fromOffset: baseOffset + 30, toOffset: baseOffset + 400 }),
    encodeRecords(list, { brokerTime: true, maxTimestamp: 12 }),
    withoutHeaderCounts(encodeRecords([small, small, small])),
    encodeRecords([small, small], { lastOffset: baseOffset }),
  ]
}

/** A value that ends with its record is followed by the length of the next one. */
function withoutHeaderCounts(batch: FrameRecords): FrameRecords {
  const parts: Uint8Array[] = []
  for (let at = 0; at < batch.end; ) {
    const length = batch.bytes[at]! >> 1
    parts.push(Uint8Array.of(2 * (length - 1)), batch.bytes.subarray(at + 1, at + length))
    at += 1 + length
  }
  const bytes = Buffer.concat(parts)
  return { ...batch, bytes, end: bytes.length }
}
