import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import * as zlib from 'node:zlib'
import { Zstd } from '@hpcc-js/wasm-zstd'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decompressed } from '../../src/input/compression.js'
import { compressionOf } from '../../src/input/magic-bytes.js'

/** What is read of these bytes when they come in chunks of these lengths, over and over, each after a turn. */
async function read(bytes: Uint8Array, lengths: readonly number[]): Promise<Buffer> {
  async function* chunks() {
    for (let from = 0, turn = 0; from < bytes.length; turn++) {
      const length = lengths[turn % lengths.length]!
      if (turn % 3 === 1) await setImmediate()
      yield bytes.subarray(from, from + length)
      from += length
    }
  }
  const plain: Uint8Array[] = []
  for await (const chunk of decompressed(Readable.from(chunks()))) plain.push(Buffer.from(chunk))
  return Buffer.concat(plain)
}

const zstd = await Zstd.load()
const codecs: [name: string, compress: (bytes: Uint8Array) => Uint8Array][] = [
  ['gzip', zlib.gzipSync],
  ['zstd', (bytes) => zstd.compress(bytes)],
]
const texts = fc.array(fc.string({ maxLength: 200 }), { minLength: 1, maxLength: 5 })
const lengths = fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 100_000 })), {
  minLength: 1,
  maxLength: 6,
})

test.each(codecs)('every member of %s is read, however the bytes are cut', async (name, compress) => {
  await fc.assert(
    fc.asyncProperty(texts, fc.nat(700), lengths, async (members, zeros, cuts) => {
      // Zeros are padding behind gzip, of which zstd knows nothing.
      const padding = Buffer.alloc(name === 'zstd' || zeros < 300 ? 0 : zeros)
      const bytes = Buffer.concat(members.flatMap((text) => [compress(Buffer.from(text)), padding]))
      expect((await read(bytes, cuts)).toString()).toBe(members.join(''))
    }),
    { numRuns: 300 },
  )
})

test('zstd that begins with a skippable frame, as pzstd writes it, is read as any other', async () => {
  for (let number = 0; number < 16; number++) {
    const skippable = Buffer.from([0x50 | number, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4])
    const bytes = Buffer.concat([skippable, zstd.compress(Buffer.from('frames'))])
    for (const cuts of [[1], [5, 100]]) expect((await read(bytes, cuts)).toString()).toBe('frames')
  }
})

test.each(codecs)(
  'bytes behind %s that are no member are an error, however the bytes are cut',
  async (_, compress) => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(50),
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        lengths,
        async (zeros, tail, cuts) => {
          fc.pre(tail[0] !== 0 && compressionOf(tail) === null)
          const bytes = Buffer.concat([compress(Buffer.from('frames')), Buffer.alloc(zeros), tail])
          await expect(read(bytes, cuts)).rejects.toThrow()
        },
      ),
      { numRuns: 100 },
    )
  },
)

test('plain bytes, and fewer than a compression shows itself in, are handed on as they are', async () => {
  for (const text of ['', '{', '{"a":1}\n'.repeat(1000)]) {
    for (const cuts of [[1], [3, 1000]]) expect((await read(Buffer.from(text), cuts)).toString()).toBe(text)
  }
})

test.each(codecs)('%s that is cut short is an error, wherever that is', async (_, compress) => {
  const packed = compress(Buffer.from('{"a":1}\n{"b":22}\n'.repeat(30)))
  for (let length = 4; length < packed.length; length++) {
    await expect(read(packed.subarray(0, length), [7, 30])).rejects.toThrow()
  }
})
