import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { ZstdDecoder } from '../../src/codecs/zstd-decoder.js'
import { codeOf, contentOf, fixtures, inPieces, megabyte } from '../support/zstd.js'
import { compressedBlock, type HandBlock, zstdFrame } from '../support/zstd-by-hand.js'

test('frames one behind the other are read, however the bytes are cut', () => {
  const packed = Buffer.concat(fixtures.map((each) => each.packed))
  const content = Buffer.concat(fixtures.map(({ name }) => contentOf(name)))
  const lengths = fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 40_000 })), {
    minLength: 1,
    maxLength: 6,
  })
  fc.assert(
    fc.property(lengths, (cuts) => {
      const decoder = new ZstdDecoder()
      const pieces: Buffer[] = []
      for (let at = 0, turn = 0; at < packed.length; turn++) {
        const chunk = Buffer.from(packed.subarray(at, at + cuts[turn % cuts.length]!))
        at += chunk.length
        for (const piece of decoder.decode(chunk)) {
          pieces.push(Buffer.from(piece))
          // As a source does that uses its buffer again.
          chunk.fill(0)
        }
        chunk.fill(0)
      }
      decoder.end()
      expect(Buffer.concat(pieces).equals(content)).toBe(true)
    }),
    { numRuns: 40 },
  )
})

test('memory is that of the window, whatever the length of the content', () => {
  const decoder = new ZstdDecoder()
  const block: HandBlock = { kind: 'RLE', content: Buffer.from('a'), size: 131_072 }
  const packed = zstdFrame({ header: [0, 10 << 3], blocks: Array(800).fill(block) })
  let length = 0
  let most = 0
  for (const piece of decoder.decode(packed)) {
    length += piece.length
    most = Math.max(most, piece.buffer.byteLength)
  }
  decoder.end()
  expect(length).toBe(100 * megabyte)
  expect(most).toBeLessThan(8 * megabyte)
})

test('a match reaches back as far as the window, long after the buffer began anew, and no further', () => {
  const noise = Buffer.from(Array.from({ length: 131_072 }, (_, i) => Math.imul(i, 2654435761) >>> 24))
  const before: HandBlock[] = Array.from({ length: 9 }, (_, i) => ({
    kind: 'raw',
    content: noise.map((byte) => byte ^ i),
  }))
  const frame = (distance: number) => {
    const bits = [[distance + 3 - 131_072, 17]] as const
    const match = { literals: Buffer.alloc(0), count: 1, modes: [1, 1, 1], tables: [0, 17, 0], bits } as const
    return zstdFrame({ header: [0, 7 << 3], blocks: [...before, compressedBlock(match)] })
  }
  const content = inPieces(frame(131_072), 50_000)
  expect(content.subarray(-3).equals(before[8]!.content.subarray(0, 3) as Buffer)).toBe(true)
  expect(codeOf(() => inPieces(frame(131_073), 50_000))).toBe('corrupt-zstd')
})

test('a window beyond the limit is refused before there is memory for it', () => {
  const frame = zstdFrame({ header: [0, 18 << 3], blocks: [{ kind: 'raw', content: Buffer.alloc(9) }] })
  expect(() => inPieces(frame, 5)).toThrow('a window of 268435456 bytes; the limit is 134217728')
  expect(codeOf(() => inPieces(frame, 5))).toBe('codec-missing')
  const decoder = new ZstdDecoder({ windowLimit: 256 * megabyte })
  expect([...decoder.decode(frame)][0]).toHaveLength(9)
})

test.each([0, 1023, 1024.5, 2 ** 29 + 1, Number.NaN, Number.POSITIVE_INFINITY])(
  'a window limit of %d bytes is refused',
  (windowLimit) => {
    expect(codeOf(() => new ZstdDecoder({ windowLimit }))).toBe('bad-settings')
    expect(() => new ZstdDecoder({ windowLimit })).toThrow(`from 1024 to 536870912, found ${windowLimit}`)
  },
)

test('the least and the greatest window limit read what fits them', () => {
  const frame = zstdFrame({ header: [0, 0], blocks: [{ kind: 'raw', content: Buffer.from('nine here') }] })
  for (const windowLimit of [1024, 2 ** 29]) {
    expect(Buffer.from([...new ZstdDecoder({ windowLimit }).decode(frame)][0]!).toString()).toBe('nine here')
  }
})

test('an input that ends within a frame is refused at its end, wherever that is', () => {
  for (const { name, packed } of fixtures.filter((each) => each.packed.length < 1500)) {
    for (let to = 1; to < packed.length; to++) {
      expect(
        codeOf(() => inPieces(packed.subarray(0, to), 100)),
        `${name}, ${to} bytes`,
      ).toBe('corrupt-zstd')
    }
  }
})

test('bytes behind a frame that begin no other are refused', () => {
  const { packed } = fixtures[0]!
  expect(codeOf(() => inPieces(Buffer.concat([packed, Buffer.from('{"uid":1}')]), 7))).toBe('corrupt-zstd')
})

test('where the engine has no WebAssembly the error says what to do', async () => {
  vi.stubGlobal('WebAssembly', undefined)
  vi.resetModules()
  try {
    const { ZstdDecoder: Without } = await import('../../src/codecs/zstd-decoder.js')
    const error = expect.objectContaining({
      code: 'codec-missing',
      message: expect.stringContaining('without --jitless'),
    })
    expect(() => new Without()).toThrow(error)
  } finally {
    vi.unstubAllGlobals()
    vi.resetModules()
  }
})
