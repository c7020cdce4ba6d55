import { gzipSync } from 'node:zlib'
import { FrameReader } from '@card/frames'
import { recordValue } from '@card/kafka-io'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readBatchHeader } from '../../../../packages/kafka-io/src/batch/batch-header.js'
import { RecordReader } from '../../../../packages/kafka-io/src/batch/record-reader.js'
import { SectionGatherer } from '../../../../packages/kafka-io/src/batch/record-section.js'
import { encodeBatch } from '../../../../packages/kafka-io/test/support/encode-batch.js'

// Two packages walk the records of a batch and may not know each other: kafka-io to columns of spans, frames inside of
// its scanner. Here they read the same batches.

interface Row {
  readonly offset: number
  readonly recordTime: number
  readonly judged: string
}

const baseOffset = 5e12
const limit = 1 << 24
const gzip = { codec: 1, compress: (plain: Uint8Array) => gzipSync(plain) }
const someBytes = (maxLength: number) => fc.option(fc.uint8Array({ maxLength }), { nil: null })
const frames = [
  ...['{"uid":"a","ts":1}', '{"uid":"b","ts":2,"grp":"g"}', '{"uid":7,"ts":3}\r\n', '{"ts":1}', '[]', ''],
  ...[' \n\t', '{"uid":"a"', '{"uid":"\\u0061","ts":1}', `{"uid":"${'x'.repeat(9000)}","ts":1}`],
].map((text) => Buffer.from(text))
const batches = fc
  .record({
    records: fc.array(
      fc.record({
        gap: fc.nat(300),
        timestamp: fc.oneof(fc.constantFrom(-1, 0, 1468244384000), fc.nat(4102444800000)),
        key: someBytes(200),
        value: fc.oneof(fc.constantFrom(...frames), someBytes(70)),
        headers: fc.array(fc.tuple(fc.uint8Array({ maxLength: 5 }), someBytes(5)), { maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 30 },
    ),
    brokerTime: fc.boolean(),
    packed: fc.boolean(),
  })
  .map(({ records, brokerTime, packed }) => {
    let offset = baseOffset - 1
    const placed = records.map(({ gap, ...record }) => {
      offset += 1 + (gap > 150 ? gap : 0)
      return { ...record, offset }
    })
    const fields = { baseOffset, lastOffset: offset, records: placed, brokerTime }
    return encodeBatch(packed ? { ...fields, ...gzip } : fields)
  })

const start = fc.oneof(fc.constant(0), fc.nat(1000))
const end = fc.oneof(fc.nat(6000), fc.constant(1e6))

test('both walks of records give the same rows, from any offset to any other', () => {
  let rows = 0
  fc.assert(
    fc.property(batches, start, end, fc.boolean(), (batch, from, to, simd) => {
      const range = [baseOffset + from, baseOffset + to] as const
      const found = bySections(batch, ...range, simd)
      expect(found).toEqual(byColumns(batch, ...range))
      rows += found?.length ?? 0
    }),
    { numRuns: 300 },
  )
  expect(rows).toBeGreaterThan(300)
})

test('both refuse the same damaged batches and give the same rows of the others', () => {
  let refused = 0
  fc.assert(
    fc.property(batches, fc.nat(), fc.nat(255), fc.boolean(), (batch, where, byte, simd) => {
      fc.pre((batch[22]! & 7) === 0)
      batch[61 + (where % (batch.length - 61))] = byte
      const found = bySections(batch, 0, Number.POSITIVE_INFINITY, simd)
      expect(found).toEqual(byColumns(batch, 0, Number.POSITIVE_INFINITY))
      if (found === null) refused++
    }),
    { numRuns: 300 },
  )
  expect(refused).toBeGreaterThan(20)
})

/** Null: the batch was refused. */
function byColumns(batch: Buffer, from: number, to: number): Row[] | null {
  const records = new RecordReader(limit)
  try {
    records.append(headerOf(batch), batch, from)
  } catch {
    return null
  }
  records.cut(to)
  const { columns } = records
  const reader = newReader(false)
  const rows: Row[] = []
  for (let row = 0; row < columns.rows; row++) {
    expect(reader.pushValue(recordValue(columns, row), columns.offset[row]!)).toBe(true)
    reader.recordTime[0] = columns.timestamp[row]!
    take(reader, rows)
  }
  return rows
}

function bySections(batch: Buffer, from: number, to: number, simd: boolean): Row[] | null {
  const gatherer = new SectionGatherer(limit)
  gatherer.append(headerOf(batch), batch, from)
  gatherer.cut(to)
  const at = { topic: 't', partition: 0, nextOffset: 0, highWatermark: 0 }
  const reader = newReader(simd)
  const rows: Row[] = []
  try {
    for (const section of gatherer.event(at).sections) while (!reader.pushRecords(section)) take(reader, rows)
  } catch {
    return null
  }
  take(reader, rows)
  return rows
}

function headerOf(batch: Buffer) {
  return readBatchHeader(new DataView(batch.buffer, batch.byteOffset, batch.length), 0, batch.length)!
}

function newReader(simd: boolean): FrameReader {
  return new FrameReader({
    ...{ key: 'uid', time: 'ts', timeUnit: 'auto', groupBy: 'grp', maxLine: 8000, rows: 7, simd },
  })
}

function take(reader: FrameReader, rows: Row[]): void {
  const { columns, recordTime, groups, bytes } = reader
  for (let row = 0; row < columns.rows; row++) {
    const start = columns.start[row]!
    const words = columns.hash.subarray(4 * row, 4 * row + 4)
    const group = columns.group[row] === 0 ? 'none' : hex(groups.bytes(columns.group[row]!))
    const line = hex(bytes.subarray(start, start + columns.length[row]!))
    const time = recordTime[row]!
    rows.push({
      offset: columns.offset[row]!,
      // Greater ones are no times, and no longer exact.
      recordTime: Math.abs(time) < 2 ** 52 ? time : Number.NaN,
      judged: `${columns.status[row]} ${columns.time[row]} ${words.join()} ${group} ${line}`,
    })
  }
  reader.clear()
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
