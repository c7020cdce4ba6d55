import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FrameReader, type FrameRecords, FramesError } from '../src/index.js'
import { anyRecords, padded, smallOptions, spaced } from './any-records.js'
import { baseOffset, baseTimestamp, encodeRecords, type PlainRecord } from './encode-records.js'
import { hex, type ModelRow } from './model.js'
import { bytesOf, plainOptions, takeRows } from './read-all.js'

const engines: [string, boolean][] = [
  ['with the scanner', true],
  ['without it', false],
]
describe.each(engines)('records, %s', (_name, simd) => {
  test('become the rows that their values become one by one, with their offsets and times', () => {
    fc.assert(
      fc.property(anyRecords, fc.nat(3000), fc.nat(6000), fc.nat(20), (list, from, to, pad) => {
        const plain = spaced(list)
        const batch = padded(
          encodeRecords(plain, { fromOffset: baseOffset + from, toOffset: baseOffset + to }),
          pad,
        )
        const before = batch.bytes.slice()
        const reader = new FrameReader({ ...smallOptions, rows: 7, simd })
        const { rows, times } = readBatches(reader, [batch])

        const one = new FrameReader({ ...smallOptions, simd: false })
        const wanted = plain.filter(({ offsetDelta }) => offsetDelta >= from && offsetDelta < to)
        const expected: ModelRow[] = []
        const expectedTimes: number[] = []
        for (const { value, offsetDelta, timeDelta } of wanted) {
          one.pushValue(value, baseOffset + offsetDelta)
          if (one.columns.rows > 0) expectedTimes.push(baseTimestamp + timeDelta!)
          takeRows(one, expected)
          one.clear()
        }
        expect(rows).toEqual(expected)
        expect(times).toEqual(expectedTimes)
        expect([reader.lines, reader.blank, reader.totalBytes]).toEqual([
          one.lines,
          one.blank,
          one.totalBytes,
        ])
        expect(Buffer.compare(batch.bytes, before)).toBe(0)
      }),
    )
  })

  test('all have the time of the broker where it gave them theirs', () => {
    const reader = new FrameReader({ ...plainOptions, simd })
    const list = [5, -9, 7].map((timeDelta) => ({ value: bytesOf('{"uid":"a","ts":1}'), timeDelta }))
    const { times } = readBatches(reader, [encodeRecords(list, { brokerTime: true, maxTimestamp: 12 })])
    expect(times).toEqual([12, 12, 12])
  })

  test('with a value, a key or headers larger than the room of the reader are taken like others', () => {
    const long = (length: number) => bytesOf(`{"uid":"u","ts":1,"filler":"${'f'.repeat(length)}"}`)
    const list: PlainRecord[] = [
      { value: long(10) },
      { value: long(3_000_000) },
      { value: long(20), key: new Uint8Array(3_000_000) },
      { value: long(30), headers: [[new Uint8Array(3), new Uint8Array(4_000_000)]] },
      { value: long(900_000) },
      { value: new Uint8Array(3_000_000).fill(0x20) },
      { value: long(40) },
    ]
    const reader = new FrameReader({ ...plainOptions, simd })
    const { rows, times } = readBatches(reader, [encodeRecords(list)])
    expect(rows.map(({ status, offset }) => `${status} ${offset - baseOffset}`)).toEqual([
      'counted 0',
      'too-long 1',
      'counted 2',
      'counted 3',
      'counted 4',
      'counted 6',
    ])
    expect(times).toHaveLength(6)
    expect([reader.lines, reader.blank]).toEqual([7, 1])
  })

  test('of many batches fill the columns, and each goes on where it ended', () => {
    const value = bytesOf(`{"uid":"u","ts":1,"filler":"${'f'.repeat(1000)}"}`)
    const batches = Array.from({ length: 9 }, () => encodeRecords(Array(1000).fill({ value })))
    const reader = new FrameReader({ ...plainOptions, simd })
    const { rows, fills } = readBatches(reader, batches)
    expect(rows).toHaveLength(9000)
    expect(new Set(rows.map(({ line }) => line))).toEqual(new Set([hex(value)]))
    expect(rows.map(({ offset }) => offset - baseOffset)).toEqual(rows.map((_, i) => i % 1000))
    expect(fills).toBeLessThan(10)
    expect(reader.fallbacks).toBe(simd ? 0 : 9000)
  })

  test('are refused while a source is half read', () => {
    const reader = new FrameReader({ ...plainOptions, simd })
    reader.write(bytesOf('{"uid"'))
    reader.next()
    expect(() => reader.pushRecords(encodeRecords([{ value: bytesOf('{}') }]))).toThrow(
      /^pushRecords: expected no source to be half read/,
    )
    // Whoever asks next is named, not who was refused before.
    expect(() => reader.pushValue(bytesOf('{}'), 0)).toThrow(/^pushValue: expected no source to be half read/)
  })

  test.each([
    ['more records than bytes', { count: 2 ** 31 - 1 }],
    ['fewer than none', { count: -1 }],
    ['a record more than there are', { count: 3 }],
    ['an end within the last record', { end: 40 }],
    ['an offset behind the last one', { lastOffset: baseOffset }],
  ])('are refused where their batch names %s', (_what, fields) => {
    const list = [1, 2].map((ts) => ({ value: bytesOf(`{"uid":"a","ts":${ts}}`) }))
    const reader = new FrameReader({ ...plainOptions, simd })
    const batch = encodeRecords(list, fields)
    expect(() => readBatches(reader, [batch])).toThrow(/offset 5000000000000 cannot be read/)
    // The reader is of use afterwards.
    reader.clear()
    expect(readBatches(reader, [encodeRecords(list)]).rows).toHaveLength(2)
  })
})

test('damaged records are taken or refused with and without the scanner alike', () => {
  let refused = 0
  fc.assert(
    fc.property(anyRecords, fc.nat(), fc.nat(255), fc.nat(50), (list, where, byte, more) => {
      const batch = encodeRecords(spaced(list))
      batch.bytes[where % batch.bytes.length] = byte
      const cut = where % 3 === 0 ? { end: batch.end - (more % batch.end) } : {}
      const outcomes = engines.map(([, simd]) =>
        outcome(new FrameReader({ ...smallOptions, simd }), { ...batch, ...cut }),
      )
      expect(outcomes[0]).toEqual(outcomes[1])
      if ('code' in outcomes[0]!) refused++
    }),
    { numRuns: 300 },
  )
  expect(refused).toBeGreaterThan(20)
})

test('any bytes at all are taken or refused with and without the scanner alike', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 200 }),
      fc.integer({ min: 0, max: 30 }),
      (bytes, count) => {
        const batch = { ...encodeRecords([]), bytes, end: bytes.length, count, lastOffset: baseOffset + 1000 }
        const outcomes = engines.map(([, simd]) => outcome(new FrameReader({ ...smallOptions, simd }), batch))
        expect(outcomes[0]).toEqual(outcomes[1])
      },
    ),
    { numRuns: 300 },
  )
})

function readBatches(reader: FrameReader, batches: readonly FrameRecords[]) {
  const rows: ModelRow[] = []
  const times: number[] = []
  let fills = 0
  const take = () => {
    fills++
    takeRows(reader, rows)
    times.push(...reader.recordTime.subarray(0, reader.columns.rows))
    reader.clear()
  }
  for (const batch of batches) while (!reader.pushRecords(batch)) take()
  take()
  return { rows, times, fills }
}

/** What became of a batch: its rows, or the rows before the error and its code. */
function outcome(reader: FrameReader, batch: FrameRecords) {
  const sure = (times: readonly number[]) => times.filter((time) => Math.abs(time) < 2 ** 52)
  try {
    const { rows, times } = readBatches(reader, [batch])
    return { rows, times: sure(times), lines: reader.lines }
  } catch (error) {
    if (!(error instanceof FramesError)) throw error
    const rows: ModelRow[] = []
    takeRows(reader, rows)
    return { rows, code: error.code, message: error.message, lines: reader.lines }
  }
}
