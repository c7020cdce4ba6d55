import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FrameReader } from '../src/index.js'
import { anyRecords, padded, smallOptions, spaced } from './any-records.js'
import { baseOffset, encodeRecords, type PlainRecord } from './encode-records.js'
import { bytesOf, plainOptions } from './read-all.js'
import { recordsInBlocks, recordsInOne } from './records-in-blocks.js'

const anyRun = fc.record({
  threads: fc.integer({ min: 1, max: 4 }),
  blocks: fc.integer({ min: 1, max: 8 }),
  eager: fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
})

/** A batch within other bytes, of which not all was asked for. */
const anyBatch = fc
  .record({
    list: anyRecords,
    from: fc.nat(400),
    to: fc.integer({ min: 200, max: 9000 }),
    pad: fc.nat(20),
    brokerTime: fc.boolean(),
  })
  .map(({ list, from, to, pad, brokerTime }) =>
    padded(
      encodeRecords(spaced(list), { fromOffset: baseOffset + from, toOffset: baseOffset + to, brokerTime }),
      pad,
    ),
  )
const anyBatches = fc.array(anyBatch, { minLength: 1, maxLength: 6 })
const anyRows = fc.constantFrom(1, 3, 7, 300)

describe('records in blocks', () => {
  test('become the rows that one thread makes of them, whatever is cut where and walked when', () => {
    let blocks = 0
    fc.assert(
      fc.property(anyBatches, anyRows, anyRun, (batches, rows, run) => {
        const options = { ...smallOptions, rows }
        const result = recordsInBlocks(batches, options, run)
        blocks += result.blocks
        expect({ ...result, blocks: 0 }).toEqual({ ...recordsInOne(batches, options), blocks: 0 })
      }),
      { numRuns: 300 },
    )
    expect(blocks).toBeGreaterThan(1000)
  })

  test('of which one is damaged become the rows before it, and the same error', () => {
    let refused = 0
    fc.assert(
      fc.property(
        ...([anyBatches, anyRows, anyRun, fc.nat(), fc.nat(255), fc.nat(3)] as const),
        (batches, rows, run, where, byte, kind) => {
          const options = { ...smallOptions, rows }
          const damaged = batches.map((batch, i) => {
            if (i !== where % batches.length) return batch
            if (kind === 0) return { ...batch, end: batch.start + (where % (batch.end - batch.start)) }
            if (kind === 1)
              return { ...batch, count: [-1, batch.count - 1, batch.count + 1, 2 ** 30][where % 4]! }
            const bytes = batch.bytes.slice()
            bytes[batch.start + (where % (batch.end - batch.start))] = byte
            return { ...batch, bytes }
          })
          const expected = recordsInOne(damaged, options)
          const result = recordsInBlocks(damaged, options, run)
          expect({ ...result, blocks: 0 }).toEqual({ ...expected, blocks: 0 })
          if (expected.error !== null) refused++
        },
      ),
      { numRuns: 600 },
    )
    expect(refused).toBeGreaterThan(100)
  })

  test('go around in their room, also those that are too large for a block or for the room', () => {
    const long = (length: number, i: number): PlainRecord => ({
      value: bytesOf(`{"uid":"u${i}","ts":${i + 1},"filler":"${'f'.repeat(length)}"}`),
    })
    const sizes = [10, 100_000, 2000, 131_000, 262_000, 20, 300_000, 1_200_000, 3_000_000, 50, 262_100]
    const batches = Array.from({ length: 30 }, (_, k) =>
      encodeRecords(
        Array.from({ length: 200 }, (_, i) => long(i % 20 === 0 ? sizes[(i / 20 + k) % 11]! : 900, i)),
      ),
    )
    const run = { threads: 3, blocks: 4, eager: [true, false, false] }
    const result = recordsInBlocks(batches, plainOptions, run)
    expect(result.blocks).toBeGreaterThan(50)
    expect(result.rows).toHaveLength(6000)
    expect({ ...result, blocks: 0 }).toEqual({ ...recordsInOne(batches, plainOptions), blocks: 0 })
  })

  test('of one record each fill blocks up to the parts that a block has', () => {
    const batches = Array.from({ length: 200 }, (_, i) =>
      encodeRecords([{ value: bytesOf(`{"uid":"u${i}","ts":${i}}`) }], { baseOffset: i, lastOffset: i }),
    )
    const result = recordsInBlocks(batches, plainOptions, { threads: 2, blocks: 2, eager: [false] })
    expect(result.blocks).toBe(4)
    expect(result.rows.map(({ offset }) => offset)).toEqual(batches.map((_, i) => i))
  })

  test('are refused while a source is half read', () => {
    const reader = new FrameReader(plainOptions, { threads: 2, blocks: 2 })
    reader.write(bytesOf('{"uid"'))
    expect(() => reader.shareRecords(encodeRecords([{ value: bytesOf('{}') }]))).toThrow(/half read/)
  })
})
