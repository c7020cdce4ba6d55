import { describe, expect, test } from 'vitest'
import { FrameReader } from '../src/index.js'
import type { ModelRow } from './model.js'
import { bytesOf, plainOptions, readAll, takeRows } from './read-all.js'

describe('values pushed one by one', () => {
  test('become the rows that the same lines become, with the offsets given', () => {
    const values = ['{"uid":"a","ts":1}', '{"uid":1,"ts":"x"}', '{', '[]', `{"uid":"${'x'.repeat(40)}"}`]
    const options = { ...plainOptions, maxLine: 30, groupBy: 'uid' }
    const reader = new FrameReader(options)
    for (const [i, value] of values.entries()) expect(reader.pushValue(bytesOf(value), 7e12 + i)).toBe(true)
    const rows: ModelRow[] = []
    takeRows(reader, rows)
    const expected = readAll(bytesOf(values.join('\n')), options).rows
    expect(rows).toEqual(expected.map((row, i) => ({ ...row, offset: 7e12 + i })))
    expect([reader.lines, reader.blank, reader.totalBytes]).toEqual([5, 0, values.join('').length])
  })

  test('may hold LF and CR as blanks of JSON', () => {
    const reader = new FrameReader(plainOptions)
    reader.pushValue(bytesOf('{\n"uid":\r\n"a",\n"ts":1}\n'), 0)
    expect([reader.columns.rows, reader.columns.status[0]]).toEqual([1, 0])
  })

  test('count as blank lines when they are null or only blanks', () => {
    const reader = new FrameReader(plainOptions)
    for (const value of [null, new Uint8Array(0), bytesOf(' \t\r\n')])
      expect(reader.pushValue(value, 0)).toBe(true)
    expect([reader.columns.rows, reader.lines, reader.blank]).toEqual([0, 3, 3])
  })

  test('are refused by a full batch, in rows or in bytes, and taken after clear', () => {
    const rows: ModelRow[] = []
    for (const [capacity, value] of [
      [3, '{"uid":"a","ts":1}'],
      [4096, `"${'x'.repeat(900_000)}"`],
    ] as const) {
      const reader = new FrameReader({ ...plainOptions, rows: capacity })
      let batches = 0
      for (let i = 0; i < 10; i++) {
        if (!reader.pushValue(bytesOf(value), i)) {
          takeRows(reader, rows)
          reader.clear()
          batches++
          expect(reader.pushValue(bytesOf(value), i)).toBe(true)
        }
      }
      takeRows(reader, rows)
      expect(batches).toBeGreaterThan(2)
    }
    expect(rows.map(({ offset }) => offset)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
    ])
  })

  test('are refused while a source is half read', () => {
    const reader = new FrameReader(plainOptions)
    reader.write(bytesOf('{"uid"'))
    reader.next()
    expect(() => reader.pushValue(bytesOf('{}'), 0)).toThrow(/^pushValue: expected no source to be half read/)
  })
})
