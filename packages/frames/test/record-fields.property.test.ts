import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type FrameOptions, FrameReader, FramesError, type RecordParts } from '../src/index.js'
import { anyRecords, spaced } from './any-records.js'
import { baseOffset, baseTimestamp, encodeRecords, type PlainRecord } from './encode-records.js'
import { type ModelRow, modelOfRecord } from './model.js'
import { bytesOf, plainOptions, takeRows } from './read-all.js'
import { recordsInBlocks, recordsInOne } from './records-in-blocks.js'

const field = fc.constantFrom('@key', '@value', '@timestamp')
const anyOptions: fc.Arbitrary<FrameOptions> = fc.record({
  input: fc.constant('records' as const),
  time: fc.oneof(fc.constant('@timestamp'), fc.constantFrom('ts', '\\@timestamp'), field),
  key: fc.oneof(fc.constantFrom('uid', '\\@key', null), field),
  groupBy: fc.oneof(fc.constantFrom('grp', null), field),
  timeUnit: fc.constantFrom('auto', 's', 'ms', 'us', 'ns', 'iso'),
  json: fc.constantFrom('strict', 'trusted'),
  maxLine: fc.constantFrom(60, 3000),
  rows: fc.constantFrom(1, 7, 300),
})

const oddBytes = [
  ...['', ' ', '1468244384', '1468244384.5', '2016-07-11T13:39:44Z', 'u1', 'é', '\n', '{"uid":"a","ts":1}'],
  ...['{"@key":"m","@timestamp":7,"uid":"a","ts":2}', '{"uid":1.5,"ts":1}', '{"uid":"b"}', 'x'.repeat(1025)],
].map(bytesOf)
const invalid = [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82]].map(
  (bytes) => Uint8Array.from(bytes),
)
const someField = fc.oneof(
  fc.constant(null),
  fc.constantFrom(...oddBytes, ...invalid),
  fc.uint8Array({ maxLength: 40 }),
)

/** Records with all that may be odd about their fields; a time delta that leads to no timestamp, and to one out of range. */
const records = anyRecords.chain((list) =>
  fc.tuple(
    ...list.map((record) =>
      fc.record({
        value: fc.oneof(fc.constant(record.value), someField),
        key: someField,
        headers: fc.constant(record.headers),
        gap: fc.constant(record.gap),
        timeDelta: fc.oneof(
          fc.constant(record.timeDelta),
          fc.constantFrom(-1 - baseTimestamp, -2 - baseTimestamp, 254e12, -64e12),
        ),
      }),
    ),
  ),
)

function expectedOf(list: readonly (PlainRecord & { offsetDelta: number })[], options: FrameOptions) {
  const rows: ModelRow[] = []
  for (const { key = null, value, timeDelta = 0, offsetDelta } of list) {
    const row = modelOfRecord({ key, value, timestamp: baseTimestamp + timeDelta }, options)
    if (row !== null) rows.push({ ...row, offset: baseOffset + offsetDelta })
  }
  return rows
}

/** One value after the other, its record beside it. */
function pushed(list: readonly (PlainRecord & { offsetDelta: number })[], options: FrameOptions): ModelRow[] {
  const reader = new FrameReader(options)
  const rows: ModelRow[] = []
  for (const { key = null, value, timeDelta = 0, offsetDelta } of list) {
    const record: RecordParts = { key, timestamp: baseTimestamp + timeDelta }
    const offset = baseOffset + offsetDelta
    if (!reader.pushValue(value, offset, record)) throw new Error('expected room for one value')
    takeRows(reader, rows)
    reader.clear()
  }
  return rows
}

describe('key, value and timestamp of a record', () => {
  test('are taken as the model says, by every way of reading records', () => {
    const seen = new Map<string, number>()
    const run = fc.record({
      threads: fc.integer({ min: 1, max: 3 }),
      blocks: fc.integer({ min: 1, max: 4 }),
      eager: fc.array(fc.boolean(), { minLength: 1, maxLength: 3 }),
    })
    fc.assert(
      fc.property(records, anyOptions, run, (list, options, blocks) => {
        const placed = spaced(list)
        const batch = encodeRecords(placed)
        const expected = expectedOf(placed, { ...options, json: 'strict' })
        for (const { status } of expected) seen.set(status, (seen.get(status) ?? 0) + 1)
        const strict: FrameOptions = { ...options, json: 'strict' }
        expect(recordsInOne([batch], strict).rows).toEqual(expected)
        expect(recordsInOne([batch], { ...strict, simd: false }).rows).toEqual(expected)
        expect(recordsInBlocks([batch, batch], strict, blocks).rows).toEqual([...expected, ...expected])
        expect(pushed(placed, strict)).toEqual(expected)
        expect(pushed(placed, { ...strict, simd: false })).toEqual(expected)
        // Trusted values may count where strict ones do not; what the scanner judges is the same on any thread.
        const trusted = recordsInOne([batch, batch], options).rows
        expect(recordsInBlocks([batch, batch], options, blocks).rows).toEqual(trusted)
      }),
      { numRuns: 200 },
    )
    for (const status of ['counted', 'too-long', 'not-json', 'missing-time', 'bad-time', 'missing-key']) {
      expect([status, (seen.get(status) ?? 0) > 0]).toEqual([status, true])
    }
  })

  test('alone leave values unparsed: a bare id counts, whatever it holds, and a value of blanks is one', () => {
    const options: FrameOptions = { ...plainOptions, input: 'records', key: '@value', time: '@timestamp' }
    const values = ['u1', '', ' ', '{"broken', '\n', 'u1'].map((text) => ({ value: bytesOf(text) }))
    for (const simd of [true, false]) {
      const reader = new FrameReader({ ...options, simd })
      reader.pushRecords(encodeRecords([...values, { value: null }]))
      expect([...reader.columns.status.subarray(0, reader.columns.rows)]).toEqual([0, 0, 0, 0, 0, 0])
      expect([reader.lines, reader.blank, reader.fallbacks]).toEqual([7, 1, 0])
      expect([...reader.columns.time.subarray(0, 2)]).toEqual([baseTimestamp, baseTimestamp])
      const hashes = Array.from({ length: 6 }, (_, row) =>
        reader.columns.hash.slice(4 * row, 4 * row + 4).join(),
      )
      expect([new Set(hashes).size, hashes[0] === hashes[5]]).toEqual([5, true])
    }
  })

  test('as a group are UTF-8 of at most 1,024 bytes, or bad-group; no key is the group null', () => {
    const options: FrameOptions = {
      ...plainOptions,
      input: 'records',
      groupBy: '@key',
      key: null,
      time: '@timestamp',
    }
    const keys = [
      bytesOf('g'),
      bytesOf(''),
      null,
      bytesOf('x'.repeat(1024)),
      bytesOf('x'.repeat(1025)),
      ...invalid,
    ]
    const batch = encodeRecords(keys.map((key) => ({ key, value: bytesOf('{}') })))
    for (const simd of [true, false]) {
      const { rows } = recordsInOne([batch], { ...options, simd })
      const bad = Array(1 + invalid.length).fill('bad-group')
      expect(rows.map(({ status }) => status)).toEqual(['counted', 'counted', 'counted', 'counted', ...bad])
      expect(rows.slice(0, 3).map(({ group }) => group)).toEqual(['67', '', null])
    }
  })

  test('are members of these names behind a backslash, in other paths, and where lines are read', () => {
    const value = bytesOf('{"@key":"a","@timestamp":1468244384,"@foo":"g","@value":{"x":"h"}}')
    const counted = (options: Partial<FrameOptions>) => {
      const reader = new FrameReader({ ...plainOptions, ...options })
      reader.pushRecords(encodeRecords([{ value }]))
      const { status, group, time } = reader.columns
      return [status[0], time[0], reader.groups.text(group[0]!)]
    }
    const time = 1468244384000
    expect(counted({ input: 'records', key: '\\@key', time: '\\@timestamp', groupBy: '@foo' })).toEqual([
      0,
      time,
      'g',
    ])
    expect(counted({ input: 'records', key: null, time: '\\@timestamp', groupBy: '@value.x' })).toEqual([
      0,
      time,
      'h',
    ])
    expect(counted({ key: '@key', time: '@timestamp', groupBy: '@foo' })).toEqual([0, time, 'g'])
  })

  test('are refused to lines, which have none', () => {
    const reader = new FrameReader({ ...plainOptions, input: 'records', time: '@timestamp' })
    for (const offer of [() => reader.write(bytesOf('{}')), () => reader.reserve(10)]) {
      expect(offer).toThrow(expect.objectContaining({ code: 'not-lines' }))
      expect(offer).toThrow(FramesError)
    }
    const members = new FrameReader({ ...plainOptions, input: 'records' })
    expect(members.write(bytesOf('{"uid":"a","ts":1}\n'))).toBe(19)
  })
})
