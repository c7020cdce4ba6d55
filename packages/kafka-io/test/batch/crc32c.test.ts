import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crc32c, crc32cByTables } from '../../src/batch/crc32c.js'

test.each([
  // RFC 3720, appendix B.4, and the check value of the CRC catalogue.
  ['32 zeros', new Uint8Array(32), 0x8a9136aa],
  ['32 ones', new Uint8Array(32).fill(255), 0x62a8ab43],
  ['0 to 31', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  ['31 to 0', Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
  ['123456789', new TextEncoder().encode('123456789'), 0xe3069283],
  ['nothing', new Uint8Array(0), 0],
])('%s has the published checksum', (_name, bytes, expected) => {
  expect(crc32c(bytes)).toBe(expected)
})

test('any part of any length equals the checksum by the definition, bit by bit', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(20), (bytes, skip) => {
      const from = Math.min(skip, bytes.length)
      let crc = 0xffffffff
      for (const byte of bytes.subarray(from)) {
        crc ^= byte
        for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
      }
      expect(crc32c(bytes, from)).toBe(~crc >>> 0)
    }),
  )
})

test('the kernel, with all its ways and pieces, equals the tables', () => {
  const lengths = fc.oneof(
    fc.nat(300),
    fc.nat(1200),
    fc.nat(12_000),
    fc.integer({ min: 100_000, max: 300_000 }),
  )
  fc.assert(
    fc.property(lengths, fc.nat(20), fc.nat(2 ** 31), (length, from, seed) => {
      let state = seed | 1
      const bytes = Uint8Array.from({ length: from + length }, () => {
        state = (Math.imul(state, 1664525) + 1013904223) | 0
        return state >>> 24
      })
      expect(crc32c(bytes, from)).toBe(crc32cByTables(bytes, from, bytes.length))
    }),
  )
})
