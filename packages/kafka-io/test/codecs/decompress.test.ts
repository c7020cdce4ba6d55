import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import lz4 from 'lz4-napi'
import { compress as snappy } from 'snappyjs'
import { describe, expect, test } from 'vitest'
import { Decompressor } from '../../src/codecs/decompress.js'
import { KafkaIoError } from '../../src/index.js'

const megabyte = 1024 * 1024
const codecs = {
  gzip: { number: 1, compress: (bytes: Uint8Array) => gzipSync(bytes) },
  snappy: { number: 2, compress: (bytes: Uint8Array) => snappy(Buffer.from(bytes)) },
  'snappy as xerial frames it': { number: 2, compress: xerial },
  lz4: { number: 3, compress: (bytes: Uint8Array) => lz4.compressFrameSync(Buffer.from(bytes)) },
}

const engines = { 'by the kernel': undefined, 'by JavaScript alone': null }
const cases = Object.entries(codecs).flatMap(([name, codec]) =>
  Object.entries(engines).map(([engine, kernel]) => ({ name, engine, kernel, ...codec })),
)

describe.each(cases)('$name, $engine', ({ kernel, number, compress }) => {
  test('gives back any bytes, whatever came before in the same buffer', () => {
    const decompressor = new Decompressor(megabyte, kernel)
    const runs = fc.array(
      fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 300 })),
    )
    fc.assert(
      fc.property(runs, (parts) => {
        const bytes = Buffer.concat(parts.flatMap(([part, times]) => Array(times).fill(part)))
        expect(Buffer.compare(decompress(decompressor, number, compress(bytes)), bytes)).toBe(0)
      }),
      { numRuns: 50 },
    )
  })

  test('batches lie one behind the other until the buffer is cleared', () => {
    const decompressor = new Decompressor(megabyte, kernel)
    const batches = [3, 200_000, 1, 70_000].map((length, i) => Buffer.alloc(length, `${i} and so on, `))
    const starts = batches.map((batch) => decompressor.decompress(number, compress(batch)))
    const whole = Buffer.from(decompressor.bytes.subarray(0, decompressor.end))
    expect(whole.equals(Buffer.concat(batches))).toBe(true)
    expect(starts).toEqual([0, 3, 200_003, 200_004])
    expect(decompress(decompressor, number, compress(batches[1]!))).toHaveLength(200_000)
  })

  test('input of any size that hardly shrinks is placed without harm to what is there', () => {
    let state = 1
    const random = Buffer.alloc(700_000, 0).map(() => {
      state = (Math.imul(state, 1664525) + 1013904223) | 0
      return (state >>> 24) & 63
    })
    const decompressor = new Decompressor(megabyte, kernel)
    for (const length of [1, 40_000, 65_000, 65_536, 130_000, 200_000, 333_333, 700_000]) {
      const bytes = Buffer.from(random.subarray(0, length))
      expect(Buffer.compare(decompress(decompressor, number, compress(bytes)), bytes)).toBe(0)
      expect(
        Buffer.compare(decompress(new Decompressor(megabyte, kernel), number, compress(bytes)), bytes),
      ).toBe(0)
    }
  })

  test('stops at the bound, not behind it', () => {
    const packed = compress(Buffer.alloc(8 * megabyte))
    expect(codeOf(() => new Decompressor(megabyte, kernel).decompress(number, packed))).toBe(
      'batch-too-large',
    )
    expect(decompress(new Decompressor(8 * megabyte, kernel), number, packed)).toHaveLength(8 * megabyte)
  })

  test('damaged or cut bytes are refused by a code, never by a crash or an endless loop', () => {
    const packed = compress(Buffer.from(Array.from({ length: 400 }, (_, i) => `line ${i % 37}\n`).join('')))
    const decompressor = new Decompressor(megabyte, kernel)
    fc.assert(
      fc.property(fc.nat(packed.length - 1), fc.nat(255), fc.nat(packed.length), (at, byte, length) => {
        const damaged = Buffer.from(packed)
        damaged[at] = byte
        const code = codeOf(() => decompressor.decompress(number, damaged.subarray(0, length)))
        expect([null, 'corrupt-batch', 'batch-too-large']).toContain(code)
      }),
    )
  })
})

test.each(Object.entries(engines))(
  'a block of LZ4 that is longer than the format allows is refused, %s',
  (_, kernel) => {
    // One literal, then a match whose length of 4,294,968,334 bytes is 1,038 in 32 bits.
    const block = Buffer.alloc(16_843_018, 255)
    block.set([0x1f, 65, 1, 0])
    block[block.length - 1] = 0
    const size = Buffer.alloc(4)
    size.writeUInt32LE(block.length)
    const frame = Buffer.concat([
      Buffer.from([4, 0x22, 0x4d, 0x18, 0x60, 0x40, 0]),
      size,
      block,
      Buffer.alloc(4),
    ])
    expect(codeOf(() => new Decompressor(megabyte, kernel).decompress(3, frame))).toBe('corrupt-batch')
  },
)

test('an unknown codec is named', () => {
  expect(codeOf(() => new Decompressor(megabyte).decompress(5, Buffer.alloc(3)))).toBe('codec-missing')
})

function decompress(decompressor: Decompressor, number: number, packed: Uint8Array): Uint8Array {
  decompressor.clear()
  const start = decompressor.decompress(number, packed)
  return decompressor.bytes.subarray(start, decompressor.end)
}

function codeOf(work: () => unknown): string | null {
  try {
    work()
    return null
  } catch (error) {
    if (error instanceof KafkaIoError) return error.code
    throw error
  }
}

// Blocks of 32 KiB behind a header, as SnappyOutputStream of org.xerial.snappy writes them.
function xerial(bytes: Uint8Array): Buffer {
  const parts: Uint8Array[] = [
    Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]),
  ]
  for (let at = 0; at < bytes.length; at += 32768) {
    const block = snappy(Buffer.from(bytes).subarray(at, at + 32768))
    const size = Buffer.alloc(4)
    size.writeUInt32BE(block.length)
    parts.push(size, block)
  }
  return Buffer.concat(parts)
}
