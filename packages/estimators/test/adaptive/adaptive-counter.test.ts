import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AdaptiveCounter, HyperLogLog } from '../../src/index.js'
import { hexOf, simulatedHashes } from '../support/hashes.js'

const hashes = simulatedHashes(5, 0, 4000)
const fed = (exactLimit: number, from: number, to: number, precision = 10) => {
  const counter = new AdaptiveCounter({ exactLimit, precision })
  counter.addHashes(hashes, from, to)
  return counter
}

describe('AdaptiveCounter', () => {
  it('is exact at its limit and a sketch one value above it', () => {
    const counter = fed(1500, 0, 1500)
    expect([counter.estimator, counter.count()]).toEqual(['exact', 1500])
    counter.addHashes(hashes, 0, 1500)
    expect(counter.estimator).toBe('exact')
    counter.addHashes(hashes, 1500, 1501)
    expect(counter.estimator).toBe('hll')
    const sketch = new HyperLogLog({ precision: 10 })
    sketch.addHashes(hashes, 0, 1501)
    expect(hexOf(counter.toHllImage())).toBe(hexOf(sketch.toCanonicalBytes()))
    expect(counter.count()).toBe(sketch.count())
    expect(counter.bounds()).toEqual(sketch.bounds())
  })

  it('decides by the union alone when both sides are exact but their union is beyond the limit', () => {
    const ranges = fc.tuple(fc.nat(2000), fc.nat(1500)).map(([from, count]) => [from, from + count] as const)
    fc.assert(
      fc.property(ranges, ranges, (a, b) => {
        const union = fed(1000, ...a)
        union.addHashes(hashes, ...b)
        const merged = fed(1000, ...a)
        merged.merge(fed(1000, ...b))
        const turned = fed(1000, ...b)
        turned.merge(fed(1000, ...a))
        expect(merged.estimator).toBe(union.estimator)
        expect(hexOf(merged.toCanonicalBytes())).toBe(hexOf(union.toCanonicalBytes()))
        expect(hexOf(turned.toCanonicalBytes())).toBe(hexOf(union.toCanonicalBytes()))
      }),
    )
  })

  it('takes the lower limit and precision of the sides that hold values, in any order', () => {
    const options = fc.tuple(
      fc.constantFrom(100, 1000, 3000),
      fc.oneof(fc.nat(2500), fc.constant(0)),
      fc.constantFrom(8, 10, 12),
    )
    fc.assert(
      fc.property(options, options, options, (...parts) => {
        const make = ([limit, count, precision]: (typeof parts)[number], i: number) =>
          fed(limit, 700 * i, 700 * i + count, precision)
        const forward = make(parts[0], 0)
        forward.merge(make(parts[1], 1))
        forward.merge(make(parts[2], 2))
        const backward = make(parts[2], 2)
        backward.merge(make(parts[1], 1))
        const outer = make(parts[0], 0)
        outer.merge(backward)
        expect(hexOf(outer.toCanonicalBytes())).toBe(hexOf(forward.toCanonicalBytes()))
        const holding = parts.some((part) => part[1] > 0) ? parts.filter((part) => part[1] > 0) : parts
        expect(forward.precision).toBe(Math.min(...holding.map((part) => part[2])))
        expect(forward.exactLimit).toBe(Math.min(...holding.map((part) => part[0])))
      }),
    )
  })

  it('gives the image at a lower precision in both modes, and refuses a higher one', () => {
    for (const limit of [10, 5000]) {
      const sketch = new HyperLogLog({ precision: 8 })
      sketch.addHashes(hashes, 0, 3000)
      expect(hexOf(fed(limit, 0, 3000, 12).toHllImage(8))).toBe(hexOf(sketch.toCanonicalBytes()))
      expect(() => fed(limit, 0, 3000, 12).toHllImage(13)).toThrow(
        expect.objectContaining({ code: 'bad-option' }),
      )
    }
  })

  it('refuses bytes of a sketch without values', () => {
    const bytes = fed(10, 0, 11).toBytes()
    const empty = new HyperLogLog({ precision: 10 }).toBytes()
    const changed = new Uint8Array(16 + empty.length)
    changed.set(bytes.subarray(0, 16))
    changed.set(empty, 16)
    expect(() => AdaptiveCounter.from(changed)).toThrow(expect.objectContaining({ code: 'corrupt-bytes' }))
  })

  it('refuses options out of range', () => {
    for (const options of [{ exactLimit: -1 }, { exactLimit: 1.5 }, { precision: 3 }, { precision: 22 }]) {
      expect(() => new AdaptiveCounter(options)).toThrow(expect.objectContaining({ code: 'bad-option' }))
    }
  })
})
