import { Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'
import { describe, expect, test } from 'vitest'
import { type ByteSource, FrameReader, FramesError, readFrames } from '../src/index.js'
import { bytesOf, cut, plainOptions } from './read-all.js'

const lines = Array.from({ length: 500 }, (_, i) => `{"uid":"user ${i}","ts":${1468244384 + i}}`)
const source = bytesOf(lines.join('\n'))
const chunks = () => [...cut(source, [1, 100, 4097])]

/** A stream of the web that cannot be iterated over, as in some browsers. */
function plainStream(all: Uint8Array[], onCancel = () => {}): ByteSource {
  const stream = ReadableStream.from(all)
  return {
    getReader() {
      const reader = stream.getReader()
      return {
        read: () => reader.read(),
        cancel: (reason) => {
          onCancel()
          return reader.cancel(reason)
        },
        releaseLock: () => reader.releaseLock(),
      }
    },
  }
}

describe('readFrames', () => {
  test.each<[string, () => ByteSource]>([
    ['a stream of Node', () => Readable.from(chunks())],
    ['a stream of the web', () => Readable.toWeb(Readable.from(chunks())) as unknown as ByteSource],
    ['a stream of the web that is no iterable', () => plainStream(chunks())],
    ['an array', chunks],
  ])('gives the rows of %s batch by batch', async (_, stream) => {
    const times: number[] = []
    for await (const { columns } of readFrames(stream(), { ...plainOptions, rows: 64 })) {
      expect(columns.rows).toBeLessThanOrEqual(64)
      times.push(...columns.time.subarray(0, columns.rows))
    }
    expect(times).toEqual(lines.map((_, i) => 1000 * (1468244384 + i)))
  })

  test('goes on with the sums of a reader that it is given', async () => {
    const reader = new FrameReader(plainOptions)
    for (let round = 0; round < 2; round++) for await (const _ of readFrames(chunks(), reader));
    expect(reader.lines).toBe(1000)
  })

  test('gives a stream up when its loop is left', async () => {
    let cancelled = 0
    for await (const _ of readFrames(
      plainStream(chunks(), () => cancelled++),
      plainOptions,
    ))
      break
    expect(cancelled).toBe(1)
  })

  test.each([
    ['no stream', null, /expected a stream.*found null/],
    ['a number', 7, /found 7/],
    ['chunks of text', ['{"uid":"u","ts":1}\n'], /expected bytes as a Uint8Array, found "\{/],
  ])('refuses %s', async (_, stream, message) => {
    const read = async () => {
      for await (const _ of readFrames(stream as unknown as ByteSource, plainOptions));
    }
    await expect(read()).rejects.toThrow(message)
    await expect(read()).rejects.toBeInstanceOf(FramesError)
  })
})

describe('misuse is refused with a coded error', () => {
  const reader = new FrameReader(plainOptions)
  const wrong = (value: unknown) => value as never
  test.each<[string, string, () => unknown]>([
    ['no options', 'bad-option', () => Reflect.construct(FrameReader, [])],
    ['text for options', 'bad-option', () => new FrameReader(wrong('uid'))],
    ['an unknown option', 'bad-option', () => new FrameReader(wrong({ ...plainOptions, keys: 'uid' }))],
    ['a number as text', 'bad-option', () => new FrameReader(wrong({ ...plainOptions, maxLine: '100' }))],
    ['a bigint', 'bad-option', () => new FrameReader(wrong({ ...plainOptions, key: 1n }))],
    ['shares that are none', 'bad-option', () => new FrameReader(plainOptions, wrong({ threads: 0 }))],
    ['text for bytes', 'bad-argument', () => reader.write(wrong('{"uid":"u"}'))],
    ['text for a size', 'bad-argument', () => reader.reserve(wrong('x'))],
    ['text for a value', 'bad-argument', () => reader.pushValue(wrong('{}'), 0)],
    ['text for an offset', 'bad-argument', () => reader.pushValue(null, wrong('0'))],
    ['text for records', 'bad-argument', () => reader.pushRecords(wrong('x'))],
    ['records where there are no blocks', 'bad-argument', () => reader.shareRecords(wrong({}))],
  ])('%s', (_, code, act) => {
    expect(() => act()).toThrow(FramesError)
    expect(() => act()).toThrow(expect.objectContaining({ code }))
  })
})
