import { describe, expect, test } from 'vitest'
import { FrameReader, type FrameValues } from '../src/index.js'
import { hex, type ModelRow } from './model.js'
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
    expect(() => reader.pushValue(bytesOf('{}'), 0)).toThrow(/half read/)
  })
})

/** Values in one buffer with other bytes between them, as records have their keys and headers there. */
function inOneBuffer(values: readonly (string | null)[]): FrameValues {
  const starts: number[] = []
  let text = 'before'
  for (const [i, value] of values.entries()) {
    text += '"}'.repeat(i % 3)
    starts.push(text.length)
    text += value ?? ''
  }
  const payload = bytesOf(`${text}{behind`)
  if (payload.length !== text.length + 7) throw new Error('Only ASCII here, so that positions are lengths')
  return {
    rows: values.length,
    payload,
    valueStart: Uint32Array.from(starts),
    valueLength: Int32Array.from(values, (value) => value?.length ?? -1),
    offset: Float64Array.from(values, (_, i) => 5e12 + 2 * i),
  }
}

/** The rows of all values, in batches. */
function rowsOf(reader: FrameReader, values: FrameValues, push: (from: number) => number): ModelRow[] {
  const rows: ModelRow[] = []
  for (let next = 0; next < values.rows; ) {
    const taken = push(next)
    if (taken === next) throw new Error('An empty batch must take a value')
    next = taken
    takeRows(reader, rows)
    reader.clear()
  }
  return rows
}

describe('many values at once', () => {
  const kinds = [
    ...[
      '{"uid":"a","ts":1}',
      '{"uid":"b","ts":2,"grp":"g"}',
      null,
      '',
      ' \n\t\r',
      '{"uid":7,"ts":3}\r\n',
      '\n\n{"uid":"c","ts":4}',
    ],
    ...[
      '{"uid":"a","ts":1}\n{"uid":"b","ts":2}',
      '{"uid":\n"d","ts":5}',
      '{"uid":"\n","ts":5}',
      '{',
      '[]',
      '{"uid":"e"',
      '{"ts":1}',
    ],
    ...[
      '{"uid":"\\u0061","ts":1,"grp":"h"}',
      `{"uid":"${'x'.repeat(100)}","ts":1}`,
      `${' '.repeat(200)}`,
      '{"uid":"f","ts":1}x',
    ],
  ]

  test.each([
    ['with the scanner', undefined],
    ['without it', false],
  ])('become the rows that they become one by one, %s', (_, simd) => {
    const values = inOneBuffer(
      Array.from({ length: 5000 }, (_, i) => kinds[(i * 7919 + (i >> 5)) % kinds.length]!),
    )
    const options = {
      ...plainOptions,
      groupBy: 'grp',
      maxLine: 60,
      rows: 300,
      ...(simd === false ? { simd } : {}),
    }
    const one = new FrameReader(options)
    const expected = rowsOf(one, values, (from) => {
      const start = values.valueStart[from]!
      const length = values.valueLength[from]!
      one.pushValue(length < 0 ? null : values.payload.subarray(start, start + length), values.offset[from]!)
      return from + 1
    })
    expect(new Set(expected.map(({ status }) => status)).size).toBe(5)
    const many = new FrameReader(options)
    const before = values.payload.slice()
    expect(rowsOf(many, values, (from) => many.pushValues(values, from))).toEqual(expected)
    expect([many.lines, many.blank, many.totalBytes]).toEqual([one.lines, one.blank, one.totalBytes])
    expect(values.payload).toEqual(before)
  })

  test('fill a batch by bytes, and the next one goes on where it ended', () => {
    const value = `{"uid":"u","ts":1,"filler":"${'f'.repeat(100_000)}"}`
    const values = inOneBuffer(Array(40).fill(value))
    const reader = new FrameReader(plainOptions)
    let batches = 0
    const rows = rowsOf(reader, values, (from) => {
      batches++
      return reader.pushValues(values, from)
    })
    expect(batches).toBeGreaterThan(1)
    expect(batches).toBeLessThan(5)
    expect(rows.map(({ status, offset }) => `${status} ${offset}`)).toEqual(
      Array.from({ length: 40 }, (_, i) => `counted ${5e12 + 2 * i}`),
    )
    expect(new Set(rows.map(({ line }) => line))).toEqual(new Set([hex(bytesOf(value))]))
    expect(reader.fallbacks).toBe(0)
  })
})
