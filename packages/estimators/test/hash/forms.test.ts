import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { wasmHasher } from '../../src/hash/murmur3-wasm.js'
import { addKeys, ExactCounter, HyperLogLog, murmur3x64128 } from '../../src/index.js'
import { hexOf } from '../support/hashes.js'

const keys = fc.array(
  fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ minLength: 500, maxLength: 3000 })),
  {
    maxLength: 60,
  },
)

function columnOf(values: readonly Uint8Array[]): { bytes: Uint8Array; offsets: Uint32Array } {
  const offsets = new Uint32Array(values.length + 1)
  values.forEach((value, i) => {
    offsets[i + 1] = offsets[i]! + value.length
  })
  const bytes = new Uint8Array(offsets.at(-1)!)
  values.forEach((value, i) => {
    bytes.set(value, offsets[i])
  })
  return { bytes, offsets }
}

describe('The WebAssembly form and the plain form', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.resetModules()
  })

  it('are both there in Node', () => {
    expect(wasmHasher).not.toBeNull()
  })

  it('hash and count alike, and the plain one is taken where WebAssembly is missing or forbidden', async () => {
    for (const missing of [
      undefined,
      {
        Module: () => {
          throw new Error('forbidden by a content security policy')
        },
      },
    ]) {
      vi.resetModules()
      vi.stubGlobal('WebAssembly', missing)
      const plain = await import('../../src/index.js')
      const { wasmHasher: none } = await import('../../src/hash/murmur3-wasm.js')
      expect(none).toBeNull()
      fc.assert(
        fc.property(fc.string({ unit: 'binary-ascii', maxLength: 200 }), fc.nat(0xffffffff), (text, seed) => {
          expect([...plain.murmur3x64128(text, seed)]).toEqual([...murmur3x64128(text, seed)])
        }),
        { numRuns: 300 },
      )
      fc.assert(
        fc.property(keys, (values) => {
          const { bytes, offsets } = columnOf(values)
          const slow = new plain.ExactCounter()
          const fast = new ExactCounter()
          plain.addKeys(slow, bytes, offsets)
          addKeys(fast, bytes, offsets)
          expect(hexOf(fast.toBytes())).toBe(hexOf(slow.toBytes()))
        }),
        { numRuns: 50 },
      )
    }
  })
})

describe('addKeys', () => {
  it('counts what adding one by one counts, an empty key included or ignored as add does', () => {
    fc.assert(
      fc.property(keys, fc.nat(60), fc.nat(60), (values, a, b) => {
        const { bytes, offsets } = columnOf(values)
        const from = Math.min(a, b, values.length)
        const to = Math.min(Math.max(a, b), values.length)
        for (const create of [() => new ExactCounter(), () => new HyperLogLog({ precision: 10 })]) {
          const batch = create()
          addKeys(batch, bytes, offsets, from, to)
          const single = create()
          for (const value of values.slice(from, to)) single.add(value)
          expect(hexOf(batch.toBytes())).toBe(hexOf(single.toBytes()))
        }
      }),
      { numRuns: 100 },
    )
  })

  it('refuses offsets that descend, lie beyond the bytes or are missing', () => {
    const bytes = new Uint8Array(10)
    const cases: [number[], number?, number?][] = [
      [[0, 5, 3]],
      [[0, 11]],
      [[12, 12]],
      [[0, 4_000_000_000]],
      [[0, 5], 0, 2],
      [[0, 5], -1, 1],
      [[0, 5], 0.5, 1],
    ]
    for (const [offsets, from, to] of cases) {
      for (const counter of [new ExactCounter(), new HyperLogLog()]) {
        expect(() => addKeys(counter, bytes, Uint32Array.from(offsets), from, to)).toThrow(
          expect.objectContaining({ code: 'bad-option' }),
        )
      }
    }
    expect(() => addKeys(new ExactCounter(), bytes, Int32Array.from([0, -5]))).toThrow(
      expect.objectContaining({ code: 'bad-option' }),
    )
    const empty = new ExactCounter()
    addKeys(empty, bytes, new Uint32Array(0))
    addKeys(empty, bytes, new Uint32Array(1))
    addKeys(empty, bytes, Uint32Array.of(0, 5), 1, 0)
    expect(empty.count()).toBe(0)
  })

  it('takes keys longer than the memory of WebAssembly, and more keys than one call of it', () => {
    const long = new Uint8Array(300_000).map((_, i) => i)
    const many = Array.from({ length: 3000 }, (_, i) => new Uint8Array([i, i >> 8, 7]))
    const { bytes, offsets } = columnOf([
      ...many,
      long,
      new Uint8Array(110_000),
      ...many.slice(0, 5),
      new Uint8Array(120_000),
    ])
    const batch = new ExactCounter()
    addKeys(batch, bytes, offsets)
    expect(batch.count()).toBe(3003)
    const single = new ExactCounter()
    for (let i = 0; i + 1 < offsets.length; i++) single.add(bytes.subarray(offsets[i], offsets[i + 1]))
    expect(hexOf(batch.toBytes())).toBe(hexOf(single.toBytes()))
  })
})
