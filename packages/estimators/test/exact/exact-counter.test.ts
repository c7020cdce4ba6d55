import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ExactCounter, HyperLogLog } from '../../src/index.js'
import { hexOf, simulatedHashes } from '../support/hashes.js'

const rowsAsText = (hashes: Uint32Array) => {
  const rows = new Set<string>()
  for (let at = 0; at < hashes.length; at += 4) rows.add(hashes.subarray(at, at + 4).join())
  return rows
}

function rowOfBit(bit: number, i: number): [number, number, number, number] {
  const row: [number, number, number, number] = [0, 0, i, 0]
  row[bit >> 5]! ^= 1 << (bit & 31)
  return row
}

describe('ExactCounter', () => {
  it('holds none, one or a few fingerprints as a Set does, that of zeros among them', () => {
    const few = fc.array(fc.constantFrom(0, 1, 2, 3), { maxLength: 4 })
    const fed = (values: readonly number[]) => {
      const counter = new ExactCounter()
      for (const value of values) counter.addHash(value, 0, 0, 0)
      return counter
    }
    fc.assert(
      fc.property(few, few, (a, b) => {
        const merged = fed(a)
        const copy = merged.clone()
        merged.merge(fed(b))
        const sorted = [...new Set([...a, ...b])].sort()
        const bytes = merged.toBytes()
        const view = new DataView(bytes.buffer, 16)
        expect(sorted.map((_, i) => view.getUint32(16 * i + 4))).toEqual(sorted)
        expect(merged.count()).toBe(sorted.length)
        expect(merged.shardSizes(1)).toEqual(Uint32Array.of(sorted.length, 0))
        expect(hexOf(ExactCounter.from(bytes).toBytes())).toBe(hexOf(bytes))
        expect(hexOf(copy.toBytes())).toBe(hexOf(fed(a).toBytes()))
        expect(Math.round(merged.toHyperLogLog(12).count())).toBe(sorted.length)
      }),
    )
  })

  it('counts fingerprints as a Set does, whatever bits they share', () => {
    const words = fc.oneof(fc.nat(3), fc.constantFrom(0, 0x80000000, 0xffffffff), fc.nat(0xffffffff))
    fc.assert(
      fc.property(fc.array(fc.tuple(words, words, words, words), { maxLength: 300 }), (rows) => {
        const hashes = Uint32Array.from(rows.flat())
        const counter = new ExactCounter()
        counter.addHashes(hashes, 0, rows.length)
        counter.addHashes(hashes, 0, rows.length)
        expect(counter.count()).toBe(rowsAsText(hashes).size)
        expect(ExactCounter.from(counter.toBytes()).count()).toBe(counter.count())
      }),
    )
  })

  it('takes words with and without sign as the same', () => {
    const counter = new ExactCounter()
    counter.addHash(-1, -2, 3, -4)
    counter.addHash(0xffffffff, 0xfffffffe, 3, 0xfffffffc)
    expect(counter.count()).toBe(1)
  })

  it('writes its fingerprints ascending, h1 before h2', () => {
    const counter = new ExactCounter()
    const hashes = simulatedHashes(2, 0, 20_000)
    counter.addHashes(hashes, 0, 20_000)
    const bytes = counter.toCanonicalBytes()
    expect(bytes.length).toBe(16 + 16 * 20_000)
    const expected: bigint[] = []
    for (let at = 0; at < hashes.length; at += 4) {
      const [w0, w1, w2, w3] = [...hashes.subarray(at, at + 4)].map(BigInt)
      expected.push((((((w1! << 32n) | w0!) << 32n) | w3!) << 32n) | w2!)
    }
    expected.sort((a, b) => (a < b ? -1 : 1))
    const text = Buffer.from(bytes.subarray(16)).toString('hex')
    expected.forEach((value, i) => {
      expect(text.slice(32 * i, 32 * i + 32)).toBe(value.toString(16).padStart(32, '0'))
    })
  })

  it('holds hundreds of thousands at about 30 bytes each', () => {
    const counter = new ExactCounter()
    const hashes = simulatedHashes(3, 0, 200_000)
    counter.addHashes(hashes, 0, 200_000)
    expect(counter.count()).toBe(200_000)
    expect(counter.memoryBytes() / 200_000).toBeLessThan(48)
    const again = ExactCounter.from(counter.toBytes())
    again.addHashes(hashes, 0, 200_000)
    expect(again.count()).toBe(200_000)
    expect(again.memoryBytes() / 200_000).toBeLessThan(60)
  })

  it('keeps its memory in proportion when all fingerprints share their high bits', () => {
    const counter = new ExactCounter()
    for (let i = 0; i < 20_000; i++) counter.addHash(Math.imul(i, 0x9e3779b1), i & 1, 7, 7)
    expect(counter.count()).toBe(20_000)
    expect(counter.memoryBytes()).toBeLessThan(20_000 * 64)
    const canonical = counter.toCanonicalBytes()
    expect(Buffer.from(ExactCounter.from(canonical).toCanonicalBytes()).equals(canonical)).toBe(true)
  })

  it('takes hashes chosen to meet in one slot, or to share all of h1, without slowing down', () => {
    const chosen: ((i: number) => [number, number, number, number])[] = [
      (i) => [7, 7, 7, i],
      (i) => [7 ^ i, 7, i, i * 77],
      (i) => [0, 0, i, 0],
      (i) => [7, Math.imul(i, 0x9e3779b1), 0, i],
      (i) => [i << 12, 0xffffffff, 5, 5],
      // One bit of 128 apart from a crowd: as uneven as halves can be.
      (i) => (i % 1000 < 872 ? [0, 0, i, 0] : rowOfBit((i % 1000) - 872, i)),
    ]
    for (const row of chosen) {
      const hashes = Uint32Array.from({ length: 4 * 20_000 })
      for (let i = 0; i < 20_000; i++) hashes.set(row(i), 4 * i)
      const counter = new ExactCounter()
      const began = performance.now()
      counter.addHashes(hashes, 0, 20_000)
      const bytes = counter.toBytes()
      const again = ExactCounter.from(bytes)
      // Some 50 ms where nothing else runs.
      expect(performance.now() - began).toBeLessThan(3000)
      expect(counter.count()).toBe(rowsAsText(hashes).size)
      expect(Buffer.from(again.toBytes()).equals(bytes)).toBe(true)
      const copy = again.clone()
      copy.merge(counter)
      copy.addHashes(hashes, 0, 20_000)
      expect(Buffer.from(copy.toBytes()).equals(bytes)).toBe(true)
      expect(counter.memoryBytes()).toBeLessThan(100 * bytes.length)
      expect(counter.shardSizes(3).reduce((sum, size) => sum + size)).toBe(counter.count())
    }
  }, 60_000)

  it('turns into the sketch that the same values would have made', () => {
    const hashes = simulatedHashes(4, 0, 5000)
    for (const count of [0, 3, 100, 5000]) {
      const exact = new ExactCounter()
      exact.addHashes(hashes, 0, count)
      const sketch = new HyperLogLog({ precision: 12 })
      sketch.addHashes(hashes, 0, count)
      expect(hexOf(exact.toHllImage(12))).toBe(hexOf(sketch.toCanonicalBytes()))
    }
  })

  it('refuses fingerprints that are not ascending', () => {
    const counter = new ExactCounter()
    counter.addHash(1, 0, 0, 0)
    counter.addHash(2, 0, 0, 0)
    const bytes = counter.toBytes()
    bytes[16 + 7] = 2
    expect(() => ExactCounter.from(bytes)).toThrow(expect.objectContaining({ code: 'corrupt-bytes' }))
  })

  it('refuses a newer version by its own code', () => {
    const bytes = new ExactCounter().toBytes()
    bytes[3] = 2
    expect(() => ExactCounter.from(bytes)).toThrow(expect.objectContaining({ code: 'wrong-version' }))
  })

  it('is the union of its shards, each a range of h1', () => {
    const hashes = simulatedHashes(9, 0, 5000)
    const counter = new ExactCounter()
    counter.addHashes(hashes, 0, 5000)
    for (const bits of [0, 1, 5, 10]) {
      const shards = counter.toShards(bits)
      const read = shards.map((shard) => ExactCounter.from(shard))
      expect(read.map((shard) => shard.count())).toEqual([...counter.shardSizes(bits)])
      const whole = new ExactCounter()
      for (const shard of read.reverse()) whole.merge(shard)
      expect(hexOf(whole.toCanonicalBytes())).toBe(hexOf(counter.toCanonicalBytes()))
      expect(Buffer.concat(shards.map((shard) => shard.subarray(16))).toString('hex')).toBe(
        hexOf(counter.toCanonicalBytes().subarray(16)),
      )
    }
    const before = counter.shardSizes(4)
    counter.addHash(1, 0xf000_0000, 2, 3)
    expect([...counter.shardSizes(4)].map((size, i) => size - before[i]!)).toEqual([...Array(15).fill(0), 1])
    expect(() => counter.toShards(17)).toThrow(expect.objectContaining({ code: 'bad-option' }))
  })
})
