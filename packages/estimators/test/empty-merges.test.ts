import { describe, expect, it } from 'vitest'
import { AdaptiveCounter, HllUnion, HyperLogLog, UltraLogLog } from '../src/index.js'
import { hexOf, simulatedHashes } from './support/hashes.js'

const hashes = simulatedHashes(7, 0, 5000)
const sketches = {
  HyperLogLog: (precision: number) => new HyperLogLog({ precision }),
  'HyperLogLog in HLL_4': (precision: number) => new HyperLogLog({ precision, type: 'HLL_4' }),
  UltraLogLog: (precision: number) => new UltraLogLog({ precision }),
  AdaptiveCounter: (precision: number) => new AdaptiveCounter({ precision, exactLimit: 100 * precision }),
}

// As in Apache DataSketches, whose union does not look at an empty sketch.
describe.each(Object.entries(sketches))('An empty %s', (_, create) => {
  it.each([[8], [12], [14]])('of precision %i is neutral on either side of a merge', (precision) => {
    for (const count of [1, 20, 5000]) {
      const counter = create(12)
      counter.addHashes(hashes, 0, count)
      const expected = hexOf(counter.toCanonicalBytes())
      const empty = create(precision)
      counter.merge(create(precision))
      empty.merge(counter)
      expect(hexOf(counter.toCanonicalBytes())).toBe(expected)
      expect(hexOf(empty.toCanonicalBytes())).toBe(expected)
      counter.mergeBytes(create(precision).toBytes())
      const read = create(precision)
      read.mergeBytes(counter.toBytes())
      expect(hexOf(counter.toCanonicalBytes())).toBe(expected)
      expect(hexOf(read.toCanonicalBytes())).toBe(expected)
      expect(read.precision).toBe(12)
      read.addHashes(hashes, 0, 5000)
      counter.addHashes(hashes, 0, 5000)
      expect(hexOf(read.toCanonicalBytes())).toBe(hexOf(counter.toCanonicalBytes()))
    }
  })

  it('and another make one of the lower precision, in either order', () => {
    const [a, b] = [create(9), create(11)]
    a.merge(create(11))
    b.merge(create(9))
    expect([a.precision, b.precision]).toEqual([9, 9])
    expect(hexOf(a.toCanonicalBytes())).toBe(hexOf(b.toCanonicalBytes()))
  })

  it('keeps the stream of the other as it was', () => {
    const counter = create(12)
    counter.addHashes(hashes, 0, 5000)
    const bytes = hexOf(counter.toBytes())
    counter.merge(create(8))
    expect(hexOf(counter.toBytes())).toBe(bytes)
  })
})

describe('The union of Apache DataSketches', () => {
  it('equals a merge where some of the sketches are empty', () => {
    const union = new HllUnion({ precision: 12 })
    const merged = new HyperLogLog({ precision: 12 })
    const full = new HyperLogLog({ precision: 12 })
    full.addHashes(hashes, 0, 5000)
    for (const sketch of [new HyperLogLog({ precision: 8 }), full, new HyperLogLog({ precision: 10 })]) {
      union.update(sketch)
      merged.merge(sketch)
    }
    expect(hexOf(merged.toCanonicalBytes())).toBe(hexOf(union.result('HLL_8').toCanonicalBytes()))
  })
})
