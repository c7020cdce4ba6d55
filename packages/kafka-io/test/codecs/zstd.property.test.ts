import { createHash } from 'node:crypto'
import { Zstd } from '@hpcc-js/wasm-zstd'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { Decompressor } from '../../src/codecs/decompress.js'
import { codeOf, contentOf, decompress, fixtures, inPieces, megabyte } from '../support/zstd.js'
import { zstdFrame } from '../support/zstd-by-hand.js'

let zstd: Zstd
beforeAll(async () => {
  zstd = await Zstd.load()
})
const parts = fc.array(
  fc.oneof(
    fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 300 })),
    fc.tuple(fc.string({ minLength: 1, maxLength: 80 }).map(Buffer.from), fc.integer({ min: 1, max: 20 })),
    fc.tuple(fc.uint8Array({ minLength: 500, maxLength: 3000, max: 30 }), fc.constant(1)),
  ),
  { maxLength: 20 },
)
const contents = parts.map((all) => Buffer.concat(all.flatMap(([part, times]) => Array(times).fill(part))))
const levels = fc.constantFrom(-5, 1, 2, 3, 4, 6, 9, 13, 16, 19)

test('any content is given back at any level, whole and in pieces', () => {
  const decompressor = new Decompressor(16 * megabyte)
  fc.assert(
    fc.property(contents, levels, fc.integer({ min: 1, max: 3000 }), (content, level, cut) => {
      const packed = zstd.compress(content, level)
      expect(Buffer.compare(decompress(packed, decompressor), content)).toBe(0)
      expect(Buffer.compare(inPieces(packed, cut), content)).toBe(0)
    }),
    { numRuns: 200 },
  )
})

test('cut, changed or made up, it is refused by a code or read the same whatever was in memory before', () => {
  const fresh = new Decompressor(megabyte)
  const used = new Decompressor(megabyte)
  fc.assert(
    fc.property(fc.constantFrom(...fixtures), damages(), ({ packed }, damage) => {
      const input = damage(packed)
      const [one, other] = [fresh, used].map((each, i) => {
        each.clear()
        each.decompress(
          4,
          zstdFrame({ blocks: [{ kind: 'RLE', content: Buffer.from([i * 85]), size: 9e4 }] }),
        )
        return outcome(() => decompress(input, each))
      })
      expect(['corrupt-batch', 'batch-too-large', 'codec-missing', 'bytes']).toContain(one!.split(' ')[0])
      expect(one).toBe(other)
    }),
    { numRuns: 3000 },
  )
})

test('with a checksum, one changed byte never gives other content', () => {
  const checked = fixtures.filter(({ packed }) => packed[4]! & 4)
  const decompressor = new Decompressor(megabyte)
  fc.assert(
    fc.property(
      fc.constantFrom(...checked),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      ({ name, packed }, place, change) => {
        const damaged = Buffer.from(packed)
        const at = place % packed.length
        // That byte says whether there is a checksum.
        fc.pre(at !== 4)
        damaged[at]! ^= change
        const found = outcome(() => decompress(damaged, decompressor))
        if (found.startsWith('bytes')) expect(decompress(damaged).equals(contentOf(name))).toBe(true)
      },
    ),
    { numRuns: 3000 },
  )
})

/** Bytes cut off, changed, moved or put in, or others altogether behind a header. */
function damages(): fc.Arbitrary<(packed: Buffer) => Buffer> {
  const places = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 })
  return fc.oneof(
    fc.nat().map((to) => (packed: Buffer) => packed.subarray(0, to % packed.length)),
    places.map((all) => (packed: Buffer) => {
      const changed = Buffer.from(packed)
      for (const [at, byte] of all) changed[at % changed.length] = byte
      return changed
    }),
    places.map((all) => (packed: Buffer) => {
      const [[at, byte]] = all as [[number, number]]
      const from = at % packed.length
      return Buffer.concat([packed.subarray(0, from), Buffer.alloc(all.length, byte), packed.subarray(from)])
    }),
    fc
      .uint8Array({ maxLength: 300 })
      .map((bytes) => (packed: Buffer) => Buffer.concat([packed.subarray(0, 12), bytes])),
    fc
      .uint8Array({ maxLength: 300 })
      .map((bytes) => () => zstdFrame({ blocks: [{ kind: 'compressed', content: bytes }] })),
  )
}

function outcome(work: () => Buffer): string {
  let found: Buffer | undefined
  const code = codeOf(() => {
    found = work()
  })
  return code ?? `bytes ${createHash('sha1').update(found!).digest('hex')}`
}
