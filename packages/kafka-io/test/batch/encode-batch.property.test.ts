import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeBatch } from '../../src/batch/encode-batch.js'
import { encodeBatch as encodeByHand } from '../support/encode-batch.js'

const bytes = fc.uint8Array({ maxLength: 300 })
const record = fc.record({
  key: fc.option(bytes),
  value: fc.option(bytes),
  headers: fc.dictionary(fc.string({ maxLength: 20 }), bytes, { maxKeys: 3, noNullPrototype: true }),
  // Differences of more than 32 bits, forwards and backwards.
  timestamp: fc.integer({ min: 0, max: 4_000_000_000_000 }),
})

test('a batch is encoded to the bytes that the format describes', () => {
  fc.assert(
    fc.property(
      fc.array(record, { minLength: 1, maxLength: 200 }),
      fc.bigInt({ min: 0n, max: 2n ** 40n }),
      (records, producerId) => {
        const found = encodeBatch(records, { producerId, epoch: 0, sequence: 0, transactional: true })
        const expected = encodeByHand({
          baseOffset: 0,
          lastOffset: records.length - 1,
          producerId,
          transactional: true,
          records: records.map(({ headers, ...each }, offset) => ({
            ...each,
            offset,
            headers: Object.entries(headers).map(([name, value]) => [Buffer.from(name), value]),
          })),
        })
        // Written by hand it carries no leader epoch, which only the broker knows.
        expected.writeInt32BE(-1, 12)
        expect(found.equals(expected)).toBe(true)
      },
    ),
  )
})

test('strings are written as UTF-8', () => {
  const producer = { producerId: 7n, epoch: 3, sequence: 2 ** 31 - 1, transactional: false }
  const text = encodeBatch([{ key: 'ключ', value: '𝄞', headers: { é: 'ü' }, timestamp: 1 }], producer)
  const encoded = (part: string) => new TextEncoder().encode(part)
  const asBytes = encodeBatch(
    [{ key: encoded('ключ'), value: encoded('𝄞'), headers: { é: encoded('ü') }, timestamp: 1 }],
    producer,
  )
  expect(text.equals(asBytes)).toBe(true)
  expect([text.readInt16BE(51), text.readInt32BE(53)]).toEqual([3, 2 ** 31 - 1])
})
