import { describe, expect, test } from 'vitest'
import { type FrameOptions, FrameReader, FramesError } from '../src/index.js'
import { modelOf } from './model.js'
import { bytesOf, cut, drain, plainOptions, readAll, readChunks } from './read-all.js'

const mark = '\ufeff'

/** A source of every kind of line and line end. */
const smallFile = bytesOf(
  `${mark}{"uid":"a","ts":1468244384}\r\n\n \t\r\n{"uid":"\\u0061","ts":1468244385,"grp":"Не"}\n${mark}{}\n` +
    `{"uid":"${'x'.repeat(60)}","ts":1}\r\n${' '.repeat(60)}\n{"uid":1,"ts":2}\r\r\n{"ts":3}\n[]\r\n\r\n` +
    `${' '.repeat(60)}{}\n{"uid":"last","ts":1468244386}`,
)

function failure(act: () => void): unknown {
  try {
    act()
  } catch (error) {
    if (error instanceof FramesError) return error.code
    throw error
  }
  return 'nothing thrown'
}

describe('lines from chunks', () => {
  test.each([48, 61, 1 << 20])(
    'every split point of a small file gives the same rows (maxLine %i)',
    (maxLine) => {
      const options: FrameOptions = { ...plainOptions, groupBy: 'grp', maxLine }
      const model = modelOf(smallFile, options)
      expect(model.rows.length).toBe(9)
      for (let at = 0; at <= smallFile.length; at++) {
        const chunks = [smallFile.subarray(0, at), smallFile.subarray(at)]
        expect(readAll(smallFile, options, chunks)).toEqual(model)
      }
    },
  )

  test('chunks of 1 byte to 1 MiB give the same rows of a file larger than the buffer', () => {
    const lines: string[] = []
    for (let i = 0; i < 4000; i++) {
      lines.push(
        `{"uid":"user ${i % 700}","ts":${1468244384 + i},"filler":"${'f'.repeat((i * 7919) % 600)}"}`,
      )
    }
    lines[1000] = `{"long":"${'l'.repeat(300_000)}"}`
    lines[2000] = ' '.repeat(300_000)
    const source = bytesOf(lines.join('\n'))
    expect(source.length).toBeGreaterThan(1 << 20)
    const options = { ...plainOptions, maxLine: 100_000 }
    const expected = readAll(source, options)
    expect(expected.rows.length).toBe(3999)
    expect(expected.rows.filter(({ status }) => status === 'counted').length).toBe(3998)
    expect(expected.blank).toBe(1)
    for (const size of [1, 7, 4093, 65_536, 1 << 20]) {
      expect(readAll(source, options, cut(source, [size]))).toEqual(expected)
    }
  })

  test('a line of exactly maxLine bytes fits, with LF, CRLF and at the end of the source', () => {
    const line = '{"uid":"u","ts":1}'
    const options = { ...plainOptions, maxLine: line.length }
    for (const end of ['\n', '\r\n', '']) {
      expect(readAll(bytesOf(line + end), options).rows[0]!.status).toBe('counted')
      const longer = readAll(bytesOf(` ${line}${end}`), options).rows[0]!
      expect(longer.status).toBe('too-long')
      expect(Buffer.from(longer.line, 'hex').toString()).toBe(` ${line}`.slice(0, -1))
    }
    expect(readAll(bytesOf(`${line}\r\r\n`), options).rows[0]!.status).toBe('too-long')
  })

  test('a 64 MiB line keeps a prefix, needs no memory of its size, and spares the lines around it', () => {
    const reader = new FrameReader({ ...plainOptions, maxLine: 1000 })
    const good = bytesOf('{"uid":"u","ts":1}\n')
    const part = new Uint8Array(1 << 20).fill(0x78)
    function* chunks() {
      yield good
      for (let i = 0; i < 64; i++) yield part
      yield bytesOf('\n')
      yield good
    }
    const rows = readChunks(reader, chunks())
    expect(rows.map(({ status, offset, line }) => [status, offset, line.length / 2])).toEqual([
      ['counted', 0, 18],
      ['too-long', 19, 1000],
      ['counted', 20 + (64 << 20), 18],
    ])
    expect(reader.totalBytes).toBe(39 + (64 << 20))
    expect(reader.bytes.length).toBeLessThan(1.1 * (1 << 20))
  })
})

describe('sources', () => {
  test('the next source starts at offset 0, its mark is skipped, and the last line of the one before is whole', () => {
    const reader = new FrameReader(plainOptions)
    const first = readChunks(reader, cut(bytesOf(`${mark}{"uid":"a","ts":1}\n{"uid":"b"`), [1]))
    const second = readChunks(reader, cut(bytesOf(`${mark}{"uid":"a","ts":1}\r`), [2]))
    const third = readChunks(reader, [bytesOf('')])
    const fourth = readChunks(reader, [bytesOf(mark)])
    expect(first.map(({ status, offset }) => [status, offset])).toEqual([
      ['counted', 3],
      ['not-json', 22],
    ])
    expect(second.map(({ status, offset }) => [status, offset])).toEqual([['counted', 3]])
    expect([third, fourth]).toEqual([[], []])
    expect([reader.lines, reader.blank, reader.totalBytes]).toEqual([3, 0, 32 + 22 + 3])
  })

  test('the rest of a line that is too long never reaches into the next source', () => {
    const reader = new FrameReader({ ...plainOptions, maxLine: 20 })
    const long = readChunks(reader, cut(bytesOf('x'.repeat(50)), [30]))
    const blanks = readChunks(reader, cut(bytesOf(' '.repeat(50)), [30]))
    const good = readChunks(reader, [bytesOf('{"uid":"u","ts":1}')])
    expect([...long, ...good].map(({ status, offset }) => [status, offset])).toEqual([
      ['too-long', 0],
      ['counted', 0],
    ])
    expect(blanks).toEqual([])
    expect([reader.lines, reader.blank]).toEqual([3, 1])
  })

  test('half a byte order mark is a line', () => {
    for (const size of [1, 2]) {
      const rows = readAll(
        Uint8Array.of(0xef, 0xbb),
        plainOptions,
        cut(Uint8Array.of(0xef, 0xbb), [size]),
      ).rows
      expect(rows.map(({ status }) => status)).toEqual(['not-json'])
    }
  })

  test('bytes of the next source are refused until the rows of the last are taken', () => {
    const reader = new FrameReader(plainOptions)
    reader.write(bytesOf('{"uid":"u","ts":1}'))
    reader.endOfSource()
    expect(reader.write(bytesOf('x'))).toBe(0)
    expect(failure(() => reader.reserve(1))).toBe('not-drained')
    expect(reader.next()).toBe(true)
    expect(reader.next()).toBe(false)
    expect(reader.write(bytesOf('x'))).toBe(1)
  })

  test('a full buffer takes nothing more until its rows are taken', () => {
    const reader = new FrameReader({ ...plainOptions, rows: 10 })
    const chunk = bytesOf('{"uid":"u","ts":1}\n'.repeat(200_000))
    let taken = reader.write(chunk)
    expect(taken).toBeGreaterThan(1 << 20)
    expect(taken).toBeLessThan(chunk.length)
    expect(reader.write(chunk)).toBe(0)
    expect(failure(() => reader.reserve(1))).toBe('not-drained')
    const rows: ReturnType<typeof readChunks> = []
    while (taken < chunk.length) {
      drain(reader, rows)
      taken += reader.write(chunk.subarray(taken))
    }
    drain(reader, rows)
    expect(rows.length).toBe(200_000)
  })

  test('more than was reserved cannot be committed', () => {
    const reader = new FrameReader({ ...plainOptions, maxLine: 10 })
    const all = reader.reserve(1e9)
    expect(failure(() => reader.commit(all.length + 1))).toBe('bad-commit')
    expect(failure(() => reader.commit(-1))).toBe('bad-commit')
    expect(failure(() => reader.commit(0.5))).toBe('bad-commit')
    expect(failure(() => reader.commit(all.length))).toBe('nothing thrown')
  })
})

describe('options', () => {
  test('every wrong option is named at once', () => {
    const wrong = { key: 'a..b', time: '', timeUnit: 'min', groupBy: '.', maxLine: 0, rows: 1.5 }
    expect(() => new FrameReader(wrong as unknown as FrameOptions)).toThrow(
      /time:.*key:.*groupBy:.*timeUnit:.*maxLine:.*rows:/,
    )
  })
})
