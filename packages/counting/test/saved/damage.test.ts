import { GroupTable } from '@card/frames'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CountingError, readWireRecord, StateImage } from '../../src/index.js'
import { readBody } from '../../src/saved/body-format.js'
import { crc32c } from '../../src/saved/crc32c.js'
import { readManifest } from '../../src/saved/manifest-format.js'
import { golden } from '../golden/golden.js'

const counter = { estimator: 'auto', exactLimit: 12, precision: 10 } as const
const kinds: [name: string, bytes: Uint8Array, read: (bytes: Uint8Array) => unknown][] = [
  ['a manifest', golden('manifest-count'), readManifest],
  ['a body', golden('body-count'), (bytes) => readBody(bytes, 0)],
  ['a block', golden('block-cells'), (bytes) => new StateImage(counter, new GroupTable()).add(bytes)],
  ['partials', golden('partials'), readWire],
  ['progress', golden('progress'), readWire],
]

function readWire(bytes: Uint8Array) {
  const record = readWireRecord(bytes, new GroupTable())
  return record.kind === 'partials' ? [...record.partials] : record
}

function codeOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    return error instanceof CountingError ? error.code : String(error)
  }
  return 'none'
}

describe.each(kinds)('%s', (_, bytes, read) => {
  it('is refused wherever it is cut short', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(codeOf(() => read(bytes.slice(0, length)))).toBe('corrupt-state')
    }
  })

  it('is refused whichever bits are flipped', () => {
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, bits) => {
        const changed = bytes.slice()
        changed[at]! ^= bits
        expect(codeOf(() => read(changed))).toBe('corrupt-state')
      }),
    )
  })

  it('of a later release is told from a damaged one', () => {
    const newer = bytes.slice()
    newer[0] = 2
    new DataView(newer.buffer).setUint32(newer.length - 4, crc32c(newer, 0, newer.length - 4), true)
    expect(codeOf(() => read(newer))).toBe('newer-format')
  })
})
