import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fixturePaths } from '@card/testing'
import fc from 'fast-check'
import murmur from 'murmurhash3js-revisited'
import { describe, expect, test } from 'vitest'
import { murmur3 } from '../src/frame/murmur3.js'
import { hashText } from './read-all.js'

function digest(bytes: Uint8Array, start: number, length: number): string {
  const out = new Uint32Array(8)
  murmur3(bytes, start, length, out, 4)
  expect([...out.subarray(0, 4)]).toEqual([0, 0, 0, 0])
  return hashText(out, 1)
}

describe('MurmurHash3 x64_128', () => {
  test.each(fixturePaths(join(import.meta.dirname, 'fixtures'), 'murmur3.json'))(
    'gives the published digests of %s',
    (path) => {
      const vectors: { inputHex: string; seed: number; x64_128: string }[] = JSON.parse(
        readFileSync(path, 'utf8'),
      )
      const ours = vectors.filter(({ seed }) => seed === 9001)
      expect(ours.length).toBeGreaterThan(10)
      for (const { inputHex, x64_128 } of ours) {
        const bytes = Buffer.from(inputHex, 'hex')
        expect(digest(bytes, 0, bytes.length)).toBe(x64_128)
      }
    },
  )

  test('equals the reference for any bytes anywhere in a buffer', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 80 }),
        fc.nat(5),
        fc.uint8Array({ maxLength: 5 }),
        (key, from, rest) => {
          const bytes = Uint8Array.from([...new Uint8Array(from).fill(255), ...key, ...rest])
          expect(digest(bytes, from, key.length)).toBe(murmur.x64.hash128(key, 9001))
        },
      ),
      { numRuns: 2000 },
    )
  })
})
