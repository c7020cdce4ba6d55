import * as zlib from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { Decompressor } from '../../src/codecs/decompress.js'
import { codeOf, contentOf, decompress, fixtures, megabyte } from '../support/zstd.js'
import { compressedBlock, type HandBlock, zstdFrame } from '../support/zstd-by-hand.js'
import { zstdContents } from '../support/zstd-contents.js'
import { countZstdModes } from '../support/zstd-modes.js'

const hasNative = 'zstdDecompressSync' in zlib

/** Sixteen literals of their own, a match of three bytes from sixteen back, by tables of one symbol each. */
const sixteen = Buffer.from('0123456789abcdef')
const single = { literals: sixteen, count: 1, modes: [1, 1, 1], tables: [16, 4, 0] } as const
const bitsOfSingle = [
  [3, 4],
  [0, 1],
] as const
const oneSequence = (changed: object = {}) => compressedBlock({ ...single, bits: bitsOfSingle, ...changed })

describe('the zstd command', () => {
  test.each(fixtures)('$name is read as what it was made of', ({ name, packed }) => {
    expect(decompress(packed).equals(contentOf(name))).toBe(true)
  })

  test('wrote every part of the format that encoders write: what is missing is made by hand below', () => {
    const modes = new Map<string, number>()
    for (const { packed } of fixtures) countZstdModes(packed, modes)
    const sequences = ['lengths', 'offsets', 'matches'].flatMap((what) =>
      ['predefined', 'FSE', 'repeat'].map((mode) => `${what}: ${mode}`),
    )
    const literals = [
      ...['raw, header of 1', 'raw, header of 2', 'Huffman, one stream', 'Huffman, four streams'],
      ...['treeless, one stream', 'treeless, four streams'],
      ...['Huffman, header of 3', 'Huffman, header of 4', 'Huffman, header of 5'],
    ].map((kind) => `literals: ${kind}`)
    expect([...modes.keys()]).toEqual(
      expect.arrayContaining([
        ...['block: raw', 'block: RLE', 'block: compressed', 'weights: FSE', 'weights: direct'],
        ...['checksum', 'no checksum', 'single segment', 'window descriptor'],
        ...[0, 1, 2, 4].map((bytes) => `content size of ${bytes} bytes`),
        ...['sequences: none', 'sequences: count of 1', 'sequences: count of 2'],
        ...literals,
        ...sequences,
      ]),
    )
  })

  test('frames lie one behind the other, skippable ones between them', () => {
    const skippable = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3])
    const nothing = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0])
    const packed = Buffer.concat([
      skippable,
      ...fixtures.flatMap((each) => [each.packed, nothing]),
      skippable,
    ])
    expect(decompress(packed).equals(Buffer.concat(fixtures.map(({ name }) => contentOf(name))))).toBe(true)
    expect(decompress(skippable)).toHaveLength(0)
  })
})

describe('made by hand', () => {
  const repeated = (byte: string, times: number) => Buffer.alloc(times, byte)

  test('tables of one symbol, which a later block uses again', () => {
    const again = oneSequence({ modes: [3, 3, 3], tables: [] })
    const once = Buffer.concat([sixteen, Buffer.from('012')])
    expect(decompress(zstdFrame({ blocks: [oneSequence(), again] })).toString()).toBe(`${once}${once}`)
  })

  test('literals of one byte, and 32,512 sequences without a bit', () => {
    const block = compressedBlock({
      ...{
        literals: { byte: 97, times: 32_512 },
        count: 32_512,
        modes: [1, 1, 1],
        tables: [1, 0, 0],
        bits: [],
      },
    })
    expect(decompress(zstdFrame({ blocks: [block] })).equals(repeated('a', 4 * 32_512))).toBe(true)
  })

  test('a sequence of more bits than are looked at together', () => {
    const before = Buffer.from(Array.from({ length: 131_072 }, (_, i) => Math.imul(i, 2654435761) >>> 24))
    const bits = [
      [4465, 17],
      [1, 15],
      [3, 16],
    ] as const
    const literals = { byte: 98, times: 65_545 }
    const block = compressedBlock({ literals, count: 1, modes: [1, 1, 1], tables: [35, 17, 51], bits })
    const distance = (1 << 17) + 4465 - 3
    const copied = Buffer.concat([before, repeated('b', 65_539)])
    const expected = Buffer.concat([
      copied,
      copied.subarray(copied.length - distance, copied.length - distance + 32_772),
      repeated('b', 6),
    ])
    const frame = zstdFrame({ blocks: [{ kind: 'raw', content: before }, block] })
    expect(Buffer.compare(decompress(frame), expected)).toBe(0)
  })

  test('a long sequence, and the states that follow it', () => {
    const before = Buffer.from(Array.from({ length: 131_072 }, (_, i) => Math.imul(i, 2654435761) >>> 24))
    // RFC 8878, appendix A: the states of the codes 35, 17 and 50, then those of 10, 35 and 2.
    const starts = [
      [60, 6],
      [17, 5],
      [59, 6],
    ] as const
    const sequence = [
      [4465, 17],
      [7, 14],
      [3, 16],
    ] as const
    const next = [
      [8, 6],
      [16, 6],
      [14, 5],
      [3, 2],
      [1, 1],
    ] as const
    const literals = { byte: 98, times: 65_554 }
    const bits = [...starts, ...sequence, ...next]
    const block = compressedBlock({ literals, count: 2, modes: [0, 0, 0], tables: [], bits })
    const far = (1 << 17) + 4465 - 3
    let expected = Buffer.concat([before, repeated('b', 65_539)])
    expected = Buffer.concat([expected, expected.subarray(-far).subarray(0, 16_394), repeated('b', 10)])
    const four = expected.subarray(-4)
    expected = Buffer.concat([expected, Buffer.alloc(42, four), repeated('b', 5)])
    const frame = zstdFrame({ blocks: [{ kind: 'raw', content: before }, block] })
    expect(Buffer.compare(decompress(frame), expected)).toBe(0)
  })

  test('matches of any length from any distance, also into what they write', () => {
    for (let distance = 1; distance <= 40; distance++) {
      for (let length = 3; length <= 34; length++) {
        const literals = Buffer.from(Array.from({ length: 64 }, (_, i) => i))
        const offset = distance + 3
        const code = 31 - Math.clz32(offset)
        const block = compressedBlock({
          ...{ literals, count: 1, modes: [1, 1, 1], tables: [25, code, length - 3] },
          bits: [
            [offset - (1 << code), code],
            [0, 6],
          ],
        })
        const expected = [...literals]
        for (let i = 0; i < length; i++) expected.push(expected[expected.length - distance]!)
        expect([...decompress(zstdFrame({ blocks: [block] }))]).toEqual(expected)
      }
    }
  })

  test('a content size of eight bytes', () => {
    const header = [0xe0, 19, 0, 0, 0, 0, 0, 0, 0]
    expect(decompress(zstdFrame({ header, blocks: [oneSequence()] }))).toHaveLength(19)
  })
})

const blocks = (...all: HandBlock[]) => zstdFrame({ blocks: all })
const compressed = (...bytes: number[]): HandBlock => ({ kind: 'compressed', content: Buffer.from(bytes) })
/** One literal by a tree and a stream, no sequences. */
const huffman = (...bytes: number[]) =>
  compressed(0x12, (bytes.length & 3) << 6, bytes.length >> 2, ...bytes, 0)
/** Four streams of two literals each, by a tree of two symbols whose codes are a bit long. */
const fourStreams = (bytes: number[]) => compressed(0x86, 0, 3, 0x80, 0x10, 1, 0, 1, 0, 1, 0, ...bytes, 0)
const withMode = (...modes: number[]) => ({ modes, tables: [16, 4, 0].filter((_, i) => modes[i] === 1) })
test.each([
  ['no frame', Buffer.from('no frame here'), 'no frame starts'],
  ['nothing', Buffer.alloc(0), 'it ends within one'],
  ['a reserved flag', zstdFrame({ header: [8, 80], blocks: [oneSequence()] }), 'unknown flag'],
  ['a block of the fourth kind', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 80, 7, 0, 0]), 'unknown kind'],
  ['no block', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 80]), 'it ends within one'],
  [
    'a block longer than its window',
    blocks({ kind: 'RLE', content: Buffer.from('a'), size: 131_073 }),
    'its most',
  ],
  [
    'a compressed block longer than its window',
    zstdFrame({ header: [0x20, 18], blocks: [oneSequence()] }),
    'its most',
  ],
  [
    'less content than is named',
    zstdFrame({ header: [0x20, 20], blocks: [oneSequence()] }),
    '19 bytes came out',
  ],
  [
    'more content than is named',
    zstdFrame({ header: [0x60, 0, 0], blocks: Array(14).fill(oneSequence()) }),
    '266 bytes came out',
  ],
  ['an empty compressed block', blocks(compressed()), 'literals are damaged'],
  ['literals beyond the block', blocks(compressed(0x28, 1, 2)), 'literals are damaged'],
  ['literals in the codes of no tree', blocks(compressed(3, 0x40, 0, 1, 0)), 'literals are damaged'],
  ['a tree of one symbol', blocks(compressed(0x12, 0x80, 0, 0x80, 0, 0)), 'literals are damaged'],
  ['weights that fill no power of two', blocks(huffman(0x81, 0x31, 3)), 'literals are damaged'],
  ['a tree without a code of its full length', blocks(huffman(0x81, 0x22, 3)), 'literals are damaged'],
  [
    'literals in the tree of an earlier frame',
    Buffer.concat([blocks(fourStreams([4, 4, 4, 4])), blocks(compressed(3, 0x40, 0, 1, 0))]),
    'literals are damaged',
  ],
  ['no sequences but bytes of them', blocks(compressed(8, 97, 0, 1)), 'sequences are damaged'],
  ['no modes of tables', blocks(compressed(8, 97, 1)), 'sequences are damaged'],
  ['a reserved bit of modes', blocks(compressed(8, 97, 1, 1, 1)), 'tables are damaged'],
  ['lengths by a table of no block before', blocks(oneSequence(withMode(3, 1, 1))), 'tables are damaged'],
  ['offsets by a table of no block before', blocks(oneSequence(withMode(1, 3, 1))), 'tables are damaged'],
  ['matches by a table of no block before', blocks(oneSequence(withMode(1, 1, 3))), 'tables are damaged'],
  ...['lengths', 'offsets', 'matches'].map((what, kind) => {
    const again = oneSequence(withMode(...[0, 1, 2].map((each) => (each === kind ? 3 : 1))))
    const frames = Buffer.concat([blocks(oneSequence()), blocks(again)])
    return [`${what} by a table of an earlier frame`, frames, 'tables are damaged'] as const
  }),
  ['an unknown code of lengths', blocks(oneSequence({ tables: [36, 4, 0] })), 'tables are damaged'],
  ['an unknown code of offsets', blocks(oneSequence({ tables: [16, 32, 0] })), 'tables are damaged'],
  ['an unknown code of matches', blocks(oneSequence({ tables: [16, 4, 53] })), 'tables are damaged'],
  ['too many bits', blocks(oneSequence({ bits: [...bitsOfSingle, [0, 1]] })), 'sequences are damaged'],
  ['too few bits', blocks(oneSequence({ bits: [[3, 4]] })), 'sequences are damaged'],
  [
    'more literals copied than there are',
    blocks(
      oneSequence({
        bits: [
          [3, 4],
          [1, 1],
        ],
      }),
    ),
    'literals run out',
  ],
  [
    'a copy from before the start',
    blocks(
      oneSequence({
        bits: [
          [4, 4],
          [0, 1],
        ],
      }),
    ),
    'before its window',
  ],
  [
    'a copy from the block of an earlier frame',
    Buffer.concat([
      blocks(oneSequence()),
      blocks(
        oneSequence({
          bits: [
            [4, 4],
            [0, 1],
          ],
        }),
      ),
    ]),
    'before its window',
  ],
  [
    'the distance before the last one less one where that is 1',
    blocks(
      compressedBlock({ literals: sixteen, count: 1, modes: [1, 1, 1], tables: [0, 1, 0], bits: [[1, 1]] }),
    ),
    'before its window',
  ],
] as const)('%s is refused: %s', (_, packed, message) => {
  expect(() => decompress(packed)).toThrow(expect.objectContaining({ code: 'corrupt-batch' }))
  expect(() => decompress(packed)).toThrow(message)
})

test('each of four streams has to give its share by all of its bits', () => {
  const right = [0b101, 0b110, 0b111, 0b100]
  expect([...decompress(blocks(fourStreams(right)))]).toEqual([0, 1, 1, 0, 1, 1, 0, 0])
  for (const stream of right.keys()) {
    for (const wrong of [0, 1, 0b11, 0b1000, 0b10000]) {
      const changed = right.map((byte, i) => (i === stream ? wrong : byte))
      expect(() => decompress(blocks(fourStreams(changed)))).toThrow('its literals are damaged')
    }
  }
})

test('a dictionary is refused by its number', () => {
  const frame = zstdFrame({ header: [2, 80, 0x39, 0x30], blocks: [oneSequence()] })
  expect(() => decompress(frame)).toThrow('dictionary 12345')
  expect(codeOf(() => decompress(frame))).toBe('codec-missing')
  expect(decompress(zstdFrame({ header: [1, 80, 0], blocks: [oneSequence()] }))).toHaveLength(19)
})

test('a checksum that does not match is refused', () => {
  const { packed } = fixtures.find(({ name }) => name === 'lines.level-3.zst')!
  const damaged = Buffer.from(packed)
  damaged[damaged.length - 1]! ^= 1
  expect(() => decompress(damaged)).toThrow('its checksum does not match')
})

test('a bomb is stopped at the bound, whatever size it names', () => {
  const block: HandBlock = { kind: 'RLE', content: Buffer.from('a'), size: 131_072 }
  const bomb = zstdFrame({ header: [0xe0, 0, 0, 0, 64, 0, 0, 0, 0], blocks: Array(8192).fill(block) })
  const decompressor = new Decompressor(megabyte)
  expect(codeOf(() => decompressor.decompress(4, bomb))).toBe('batch-too-large')
  expect(decompressor.bytes.length).toBeLessThanOrEqual(megabyte)
  expect(decompress(blocks(...Array(8).fill(block)), new Decompressor(megabyte))).toHaveLength(megabyte)
})

test('a compressed block that passes the bound is too large, one that ends at it is not', () => {
  expect(decompress(blocks(oneSequence()), new Decompressor(19))).toHaveLength(19)
  expect(codeOf(() => decompress(blocks(oneSequence()), new Decompressor(18)))).toBe('batch-too-large')
})

test('without a kernel Node reads it where it can, else the error says what to do', () => {
  const without = new Decompressor(megabyte, null)
  const { packed } = fixtures.find(({ name }) => name === 'lines.level-3.zst')!
  if (hasNative) {
    expect(decompress(packed, without).equals(zstdContents.lines!())).toBe(true)
    expect(codeOf(() => decompress(packed.subarray(9), without))).toBe('corrupt-batch')
    const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 1, 0, 0, 0, 9])
    const twice = Buffer.concat([skippable, packed, packed])
    expect(decompress(twice, without).equals(decompress(twice))).toBe(true)
    const followed = Buffer.concat([packed, Buffer.from('no frame')])
    expect(codeOf(() => decompress(followed, without))).toBe('corrupt-batch')
    expect(codeOf(() => decompress(packed, new Decompressor(100, null)))).toBe('batch-too-large')
  } else {
    expect(codeOf(() => decompress(packed, without))).toBe('codec-missing')
    expect(() => decompress(packed, without)).toThrow('Node 22.15 or newer')
  }
})
