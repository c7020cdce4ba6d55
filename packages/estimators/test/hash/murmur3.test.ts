import { readFileSync } from 'node:fs'
import { fixturePaths } from '@card/testing'
import fc from 'fast-check'
// @ts-expect-error: the reference library has no types.
import reference from 'murmurhash3js-revisited'
import { describe, expect, it } from 'vitest'
import { murmur3x8632, murmur3x64128 } from '../../src/index.js'

interface Vector {
  inputHex: string
  seed: number
  x64_128: string
  x86_32: string
}

const word = (value: number) => value.toString(16).padStart(8, '0')
const digest = (words: Uint32Array) => [1, 0, 3, 2].map((i) => word(words[i]!)).join('')

describe('MurmurHash3', () => {
  for (const path of fixturePaths(`${import.meta.dirname}/../fixtures`, 'murmur3.json')) {
    it(`gives the digests of ${path.split('/').slice(-2).join('/')}`, () => {
      const vectors = JSON.parse(readFileSync(path, 'utf8')) as Vector[]
      expect(vectors.length).toBeGreaterThan(0)
      for (const { inputHex, seed, x64_128, x86_32 } of vectors) {
        const bytes = new Uint8Array(Buffer.from(inputHex, 'hex'))
        expect(digest(murmur3x64128(bytes, seed))).toBe(x64_128)
        expect(word(murmur3x8632(bytes, seed))).toBe(x86_32)
      }
    })
  }

  it('equals the reference for bytes of any length at any offset', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), fc.nat(7), fc.nat(0xffffffff), (bytes, shift, seed) => {
        const view = new Uint8Array([...new Uint8Array(shift), ...bytes, 1, 2, 3]).subarray(
          shift,
          shift + bytes.length,
        )
        expect(digest(murmur3x64128(view, seed))).toBe(reference.x64.hash128(view, seed))
        expect(murmur3x8632(view, seed)).toBe(reference.x86.hash32(view, seed))
      }),
      { numRuns: 400 },
    )
  })

  it('hashes a text as its UTF-8, surrogates without a partner as U+FFFD', () => {
    const encoder = new TextEncoder()
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({ unit: 'binary-ascii', maxLength: 60 }),
      fc
        .array(fc.constantFrom('a', '\ud800', '\udc00', 'ß', '€', '😀', '\u0000', '\ud83d'))
        .map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(texts, (text) => {
        expect(digest(murmur3x64128(text))).toBe(digest(murmur3x64128(encoder.encode(text))))
        expect(murmur3x8632(text)).toBe(murmur3x8632(encoder.encode(text)))
      }),
      { numRuns: 600 },
    )
  })

  it('hashes long texts, at the edge of ASCII, as their UTF-8', () => {
    const encoder = new TextEncoder()
    for (const text of [
      'x'.repeat(100_000),
      `${'x'.repeat(99_999)}\u0080`,
      `\u007f${'ÿ'.repeat(5000)}`,
      `${'ab'.repeat(9)}Ā`,
    ]) {
      expect(digest(murmur3x64128(text))).toBe(digest(murmur3x64128(encoder.encode(text))))
    }
  })

  it('writes the words into a matrix at an offset', () => {
    const matrix = new Uint32Array(12)
    expect(murmur3x64128('fb', 9001, matrix, 4)).toBe(matrix)
    expect([...matrix.subarray(4, 8)]).toEqual([...murmur3x64128('fb', 9001)])
    expect([...matrix.subarray(0, 4), ...matrix.subarray(8)]).toEqual(new Array(8).fill(0))
  })
})
