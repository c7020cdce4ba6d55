import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AdaptiveCounter, type DeltaCounter, ExactCounter } from '../src/index.js'
import { hexOf, pickRows, simulatedHashes } from './support/hashes.js'

const hashes = simulatedHashes(6, 0, 6000)
const canonical = (counter: DeltaCounter) => hexOf(counter.toCanonicalBytes())
const subjects: [string, () => DeltaCounter, (bytes: Uint8Array) => DeltaCounter, number][] = [
  ['ExactCounter', () => new ExactCounter(), ExactCounter.from, 16],
  [
    'AdaptiveCounter below its limit',
    () => new AdaptiveCounter({ exactLimit: 10_000, precision: 9 }),
    AdaptiveCounter.from,
    32,
  ],
  [
    'AdaptiveCounter that passes its limit',
    () => new AdaptiveCounter({ exactLimit: 700, precision: 9 }),
    AdaptiveCounter.from,
    32,
  ],
]
/** Steps of a stream: the rows that are added in each. */
const stepsArbitrary = fc.array(
  fc
    .tuple(fc.nat(5999), fc.constantFrom(0, 1, 30, 1500))
    .map(([start, count]) => Array.from({ length: count }, (_, i) => (start + 7 * i) % 6000)),
  { maxLength: 8 },
)

/** The fingerprints of a delta as rows of four words. */
function rowsOf(delta: Uint8Array, bodyStart: number): Uint32Array {
  const view = new DataView(delta.buffer, delta.byteOffset + bodyStart)
  return Uint32Array.from({ length: view.byteLength / 4 }, (_, i) => view.getUint32(4 * (i ^ 1)))
}

describe.each(subjects)('Deltas of %s', (_, create, from, bodyStart) => {
  it('give the counter again, merged in any order and more than once', () => {
    fc.assert(
      fc.property(stepsArbitrary, fc.infiniteStream(fc.nat()), (steps, random) => {
        const counter = create()
        counter.trackDeltas()
        const deltas: Uint8Array[] = []
        let mark = 0
        for (const rows of steps) {
          counter.addHashes(pickRows(hashes, rows), 0, rows.length)
          deltas.push(counter.delta(mark))
          mark = counter.mark
          counter.releaseDeltas(mark)
        }
        const shuffled = [...deltas, ...deltas.slice(0, 3)]
          .map((delta) => [random.next().value as number, delta] as const)
          .sort((a, b) => a[0] - b[0])
        const merged = create()
        const mergedAsCounters = create()
        for (const [, delta] of shuffled) {
          merged.mergeBytes(delta)
          mergedAsCounters.merge(from(delta))
        }
        expect(canonical(merged)).toBe(canonical(counter))
        expect(canonical(mergedAsCounters)).toBe(canonical(counter))
      }),
      { numRuns: 60 },
    )
  })

  it('of nothing are empty parts', () => {
    const counter = create()
    expect(counter.delta(0).length).toBe(bodyStart)
    expect(from(counter.delta(0)).count()).toBe(0)
  })

  it('from 0 are the whole, tracked or not, released or not', () => {
    const counter = create()
    counter.addHashes(hashes, 0, 500)
    expect(canonical(from(counter.delta(0)))).toBe(canonical(counter))
    counter.trackDeltas()
    counter.addHashes(hashes, 400, 600)
    counter.releaseDeltas(counter.mark)
    expect(canonical(from(counter.delta(0)))).toBe(canonical(counter))
  })
})

describe.each(subjects.slice(0, 2))('Deltas of exact fingerprints: %s', (_, create, from, bodyStart) => {
  it('hold the new fingerprints in order of insertion, whichever way they came', () => {
    const counter = create()
    counter.trackDeltas()
    const [w0, w1, w2, w3] = hashes
    counter.addHash(w0!, w1!, w2!, w3!)
    counter.addHash(w0!, w1!, w2!, w3!)
    counter.addHashes(hashes, 0, 2000)
    const other = create()
    other.trackDeltas()
    other.addHashes(hashes, 1500, 3000)
    counter.merge(other)
    const third = create()
    third.trackDeltas()
    third.addHashes(hashes, 2500, 4000)
    counter.mergeBytes(third.delta(0))
    expect(counter.mark).toBe(4000)
    expect(rowsOf(counter.delta(0, 2000), bodyStart)).toEqual(hashes.subarray(0, 8000))
    expect(canonical(from(counter.delta(2000, 3000)))).toBe(canonical(fed(2000, 3000)))
    expect(rowsOf(counter.delta(3000), bodyStart)).toEqual(hashes.subarray(12_000, 16_000))
  })

  const fed = (first: number, end: number) => {
    const counter = create()
    counter.addHashes(hashes, first, end)
    return counter
  }

  it('of a clone and of a merge into an empty counter are those of the original', () => {
    const counter = create()
    counter.trackDeltas()
    const other = fed(0, 1000)
    other.trackDeltas()
    counter.merge(other)
    const copy = counter.clone()
    copy.addHashes(hashes, 900, 1100)
    expect(counter.mark).toBe(1000)
    expect(canonical(from(counter.delta(0, 1000)))).toBe(canonical(fed(0, 1000)))
    expect(rowsOf(copy.delta(0, 1000), bodyStart)).toEqual(rowsOf(counter.delta(0), bodyStart))
    expect(rowsOf(copy.delta(1000), bodyStart)).toEqual(hashes.subarray(4000, 4400))
    expect(other.delta(1000).length).toBe(bodyStart)
  })

  it('are cut at fixed marks, so that a full part is never written again, also after a restart', () => {
    const partSize = 512
    const parts: Uint8Array[] = []
    const write = (counter: DeltaCounter) => {
      const firstOpen = Math.max(0, parts.length - (parts.at(-1)?.length === full ? 0 : 1))
      for (let part = firstOpen; part * partSize < counter.mark; part++) {
        parts[part] = counter.delta(part * partSize, Math.min(counter.mark, (part + 1) * partSize))
      }
      counter.releaseDeltas(partSize * Math.floor(counter.mark / partSize))
    }
    const full = bodyStart + 16 * partSize
    let counter = create()
    counter.addHashes(hashes, 0, 700)
    counter.trackDeltas(0)
    write(counter)
    const first = parts[0]
    counter.addHashes(hashes, 600, 1300)
    write(counter)
    expect(parts[0]).toBe(first)
    // A restart: what is full needs no order any more.
    counter = create()
    for (const part of parts) {
      if (part.length < full) counter.trackDeltas()
      counter.mergeBytes(part)
    }
    const before = parts.slice(0, 2)
    counter.addHashes(hashes, 1200, 1900)
    write(counter)
    expect(parts.slice(0, 2)).toEqual(before)
    expect(parts.map((part) => part.length)).toEqual([
      full,
      full,
      full,
      bodyStart + 16 * (1900 - 3 * partSize),
    ])
    const restored = create()
    for (const part of parts.reverse()) restored.mergeBytes(part)
    expect(canonical(restored)).toBe(canonical(fed(0, 1900)))
  })

  it('fix the order of what was there before they were tracked', () => {
    const counter = fed(0, 3000)
    counter.trackDeltas(1000)
    const early = counter.delta(1000, 2000)
    counter.addHashes(hashes, 3000, 5000)
    expect(counter.delta(1000, 2000)).toEqual(early)
    expect(rowsOf(counter.delta(3000), bodyStart)).toEqual(hashes.subarray(12_000, 20_000))
    expect(() => counter.delta(999)).toThrow(expect.objectContaining({ code: 'bad-option' }))
  })

  it('are refused where they are not tracked, were released or do not lie in the counter', () => {
    const badOption = expect.objectContaining({ code: 'bad-option' })
    const counter = fed(0, 100)
    for (const [begin, end] of [
      [1, 100],
      [0, 99],
      [0, 101],
      [-1, 50],
      [0.5, 50],
    ] as const) {
      expect(() => counter.delta(begin, end)).toThrow(badOption)
    }
    expect(() => counter.trackDeltas(101)).toThrow(badOption)
    counter.trackDeltas(50)
    expect(() => counter.trackDeltas(49)).toThrow(badOption)
    counter.trackDeltas(60)
    counter.delta(50)
    expect(() => counter.delta(60, 59)).toThrow(badOption)
    counter.releaseDeltas(70)
    counter.releaseDeltas(60)
    expect(() => counter.delta(69)).toThrow(badOption)
    expect(() => counter.releaseDeltas(101)).toThrow(badOption)
    expect(counter.delta(70).length).toBe(bodyStart + 16 * 30)
    expect(counter.delta(100).length).toBe(bodyStart)
    counter.clear()
    counter.addHashes(hashes, 0, 10)
    expect(() => counter.delta(5)).toThrow(badOption)
  })

  it('take 16 bytes a fingerprint while they are tracked, and give them back', () => {
    const plain = fed(0, 6000).memoryBytes()
    const counter = create()
    counter.trackDeltas()
    counter.addHashes(hashes, 0, 6000)
    const extra = counter.memoryBytes() - plain
    expect(extra).toBeGreaterThan(16 * 6000)
    expect(extra).toBeLessThan(16 * 6000 + 20_000)
    counter.releaseDeltas(6000)
    expect(counter.memoryBytes() - plain).toBeLessThan(20_000)
  })
})

describe('Bytes of deltas', () => {
  it('with a fingerprint twice are no counter, and are merged as what they hold', () => {
    const counter = new ExactCounter()
    counter.addHashes(hashes, 0, 2)
    const delta = counter.delta(0)
    delta.copyWithin(32, 16, 32)
    expect(() => ExactCounter.from(delta)).toThrow(expect.objectContaining({ code: 'corrupt-bytes' }))
    counter.mergeBytes(delta)
    expect(counter.count()).toBe(2)
  })

  it('of an AdaptiveCounter bring its limit and precision along', () => {
    const counter = new AdaptiveCounter({ exactLimit: 1000, precision: 12 })
    const other = new AdaptiveCounter({ exactLimit: 100, precision: 10 })
    other.addHashes(hashes, 0, 50)
    counter.mergeBytes(other.delta(0))
    expect([counter.exactLimit, counter.precision, counter.count()]).toEqual([100, 10, 50])
    counter.addHashes(hashes, 0, 101)
    expect(counter.estimator).toBe('hll')
    counter.mergeBytes(other.delta(0))
    expect([counter.mark, counter.precision]).toEqual([0, 10])
  })
})
