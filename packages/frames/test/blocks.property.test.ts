import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FrameReader } from '../src/index.js'
import { hostileSource } from './hostile-lines.js'
import { modelOf } from './model.js'
import { bytesOf, cut, plainOptions, readAll } from './read-all.js'
import { readInBlocks } from './read-in-blocks.js'

const anyOptions = fc.record({
  key: fc.constantFrom('uid', 'a.b', null),
  time: fc.constantFrom('ts', 'ts', 'a.ts'),
  timeUnit: fc.constantFrom('auto' as const, 'ms' as const),
  groupBy: fc.constantFrom(null, 'grp', 'a', 'uid'),
  maxLine: fc.constantFrom(1 << 20, 40, 100, 1),
  rows: fc.constantFrom(1, 3, 4096),
})

const anyRun = fc.record({
  threads: fc.integer({ min: 1, max: 4 }),
  blocks: fc.integer({ min: 1, max: 8 }),
  least: fc.constantFrom(1, 20, 200),
  eager: fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
})

const anySizes = fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 5 })

describe('lines scanned in blocks', () => {
  test('become what the JSON.parse model says, whatever is cut where and scanned when', () => {
    let blocks = 0
    fc.assert(
      fc.property(hostileSource, anyOptions, anySizes, anyRun, (source, options, sizes, run) => {
        const result = readInBlocks([cut(source, sizes)], options, run)
        blocks += result.blocks
        expect({ ...result, blocks: 0 }).toEqual({ ...modelOf(source, options), blocks: 0 })
      }),
      { numRuns: 1500 },
    )
    expect(blocks).toBeGreaterThan(500)
  })

  test('cut at every byte of several sources give the same rows', () => {
    const mark = '\u{feff}'
    const sources = [
      `${mark}{"uid":"a","ts":1,"grp":"x"}\r\n\n{"uid":"b","ts":2,"grp":"\\u0078"}\n{"uid":"c","ts":3.5`,
      `${mark}  \n{"uid":"long${'g'.repeat(60)}","ts":4}\n[1]\n${' '.repeat(90)}\n{"uid":"d","ts":5,"grp":true}`,
    ].map(bytesOf)
    const options = { ...plainOptions, groupBy: 'grp', maxLine: 60 }
    const models = sources.map((source) => readAll(source, options))
    const expected = {
      rows: models.flatMap(({ rows }) => rows),
      lines: models.reduce((sum, { lines }) => sum + lines, 0),
      blank: models.reduce((sum, { blank }) => sum + blank, 0),
    }
    for (let at = 0; at < sources[1]!.length; at++) {
      const run = { threads: 2, blocks: 3, least: 1, eager: [true, false] }
      const chunks = sources.map((source) => [source.subarray(0, at), source.subarray(at)])
      expect(readInBlocks(chunks, options, run)).toMatchObject(expected)
    }
  })

  test('go around in their room: a source many times as long as it becomes the same rows', () => {
    const line = (i: number) => `{"uid":"u${i}","ts":${i},"grp":"g${i % 7}","x":"${'y'.repeat(i % 3000)}"}\n`
    const source = bytesOf(Array.from({ length: 12_000 }, (_, i) => line(i)).join(''))
    const options = { ...plainOptions, groupBy: 'grp', maxLine: 4000 }
    // Together the blocks need more than there is: each is scanned when the room is used up.
    const run = { threads: 3, blocks: 8, least: 300_000, eager: [false] }
    const result = readInBlocks([cut(source, [500_001, 300_000])], options, run)
    expect(result.blocks).toBeGreaterThan(30)
    expect({ ...result, blocks: 0 }).toEqual({ ...readAll(source, options), blocks: 0 })
  })

  test('need shared memory and the scanner: without one of them there are none, and next() takes every line', () => {
    const sharing = { threads: 2, blocks: 4 }
    const reader = new FrameReader({ ...plainOptions, simd: false }, sharing)
    expect([reader.blocks, reader.scanning]).toEqual([null, false])
    reader.write(bytesOf('{"uid":"a","ts":1}\n'))
    expect(reader.next()).toBe(true)
    expect(reader.columns.rows).toBe(1)
  })
})
