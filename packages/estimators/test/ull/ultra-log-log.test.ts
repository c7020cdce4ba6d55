import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fixturePaths } from '@card/testing'
import { describe, expect, it } from 'vitest'
import { likelihoodEstimate } from '../../src/hll/register-estimate.js'
import { Registers6 } from '../../src/hll/registers6.js'
import { UltraLogLog } from '../../src/index.js'

interface Estimates {
  fgra: number
  ml: number
  martingale: number
  sha256: string
  hex?: string
}

interface Fixture {
  hashSeed: string
  firstHashes: string[]
  cases: {
    p: number
    count: number
    ull: Estimates
    hll: { ml: number; martingale: number; packed6Sha256: string }
  }[]
  states: { p: number; hex: string; fgra: number; ml: number }[]
  merges: (Record<'pA' | 'fromA' | 'countA' | 'pB' | 'fromB' | 'countB' | 'p', number> & Estimates)[]
}

const mask = 0xffffffffffffffffn

/** Hashes of 64 bits as the fixture defines them, in the words of h1. */
function hashesOf(seed: string, from: number, count: number): Uint32Array {
  const hashes = new Uint32Array(4 * count)
  for (let i = 0; i < count; i++) {
    let z = (BigInt(`0x${seed}`) + BigInt(from + i + 1) * 0x9e3779b97f4a7c15n) & mask
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask
    z ^= z >> 31n
    hashes[4 * i] = Number(z & 0xffffffffn)
    hashes[4 * i + 1] = Number(z >> 32n)
  }
  return hashes
}

function expectNear(actual: number, expected: number, relative: number): void {
  if (!Number.isFinite(expected)) expect(actual).toBe(expected)
  else expect(Math.abs(actual - expected)).toBeLessThanOrEqual(relative * expected)
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

for (const path of fixturePaths(`${import.meta.dirname}/../fixtures`, 'ultraloglog.json')) {
  const fixture = JSON.parse(readFileSync(path, 'utf8')) as Fixture
  const most = Math.max(
    5000,
    ...fixture.cases.map(({ count }) => count),
    ...fixture.merges.flatMap(({ fromA, countA, fromB, countB }) => [fromA + countA, fromB + countB]),
  )
  const hashes = hashesOf(fixture.hashSeed, 0, most)
  const fed = (precision: number, from: number, count: number) => {
    const sketch = new UltraLogLog({ precision })
    sketch.addHashes(hashes, from, from + count)
    return sketch
  }

  describe(`UltraLogLog is that of hash4j (${path.split('/').slice(-2).join('/')})`, () => {
    it('in the hashes that are counted', () => {
      fixture.firstHashes.forEach((hex, i) => {
        const [low, high] = hashes.subarray(4 * i)
        expect(((BigInt(high!) << 32n) | BigInt(low!)).toString(16).padStart(16, '0')).toBe(hex)
      })
    })

    for (const { p, count, ull, hll } of fixture.cases) {
      it(`in registers and estimates at precision ${p} after ${count} values`, () => {
        const sketch = fed(p, 0, count)
        const registers = sketch.toRegisters()
        if (ull.hex !== undefined) expect(Buffer.from(registers).toString('hex')).toBe(ull.hex)
        expect(sha256(registers)).toBe(ull.sha256)
        expectNear(sketch.fgraCount(), ull.fgra, 1e-11)
        expectNear(sketch.count(), ull.ml, 1e-6)
        expectNear(sketch.martingaleCount(), ull.martingale, 1e-12)

        // HyperLogLog of six bits, here with the leading zeros of 64 - p bits and the slot from the top of the hash.
        const registers6 = new Registers6(p)
        for (let at = 0; at < 4 * count; at += 4) {
          const slot = hashes[at + 1]! >>> (32 - p)
          const rest = Math.clz32((hashes[at + 1]! << p) | (hashes[at]! >>> (32 - p)))
          const value = (rest < 32 ? rest : 32 + Math.clz32(hashes[at]! << p)) + 1
          registers6.addCoupon((value << 26) | slot)
        }
        // Ours has one byte more, so that two can always be read.
        expect(sha256(registers6.packed.subarray(0, -1))).toBe(hll.packed6Sha256)
        expectNear(registers6.hip, hll.martingale, 1e-12)
        const counts = new Uint32Array(66)
        counts.set(registers6.histogram())
        expectNear(likelihoodEstimate(counts, p, 65 - p), hll.ml, 1e-6)
      })
    }

    for (const [i, { p, hex, fgra, ml }] of fixture.states.entries()) {
      it(`in the estimates of state ${i}`, () => {
        const sketch = UltraLogLog.fromRegisters(new Uint8Array(Buffer.from(hex, 'hex')))
        expect(sketch.precision).toBe(p)
        expectNear(sketch.count(), ml, 1e-6)
        expectNear(sketch.fgraCount(), fgra, 1e-11)
      })
    }

    for (const [i, merge] of fixture.merges.entries()) {
      it(`in merge ${i}, of precisions ${merge.pA} and ${merge.pB}`, () => {
        const a = fed(merge.pA, merge.fromA, merge.countA)
        const b = fed(merge.pB, merge.fromB, merge.countB)
        const merged = a.clone()
        merged.merge(b)
        expect(sha256(merged.toRegisters())).toBe(merge.sha256)
        expectNear(merged.fgraCount(), merge.fgra, 1e-11)
        expectNear(merged.count(), merge.ml, 1e-6)
        b.merge(a)
        expect(sha256(b.toRegisters())).toBe(merge.sha256)
      })
    }
  })

  describe('UltraLogLog', () => {
    it('at a lower precision is the sketch that was made at it', () => {
      for (const precision of [3, 7, 11]) {
        const reduced = fed(12, 0, 3000).reduced(precision)
        expect(sha256(reduced.toRegisters())).toBe(sha256(fed(precision, 0, 3000).toRegisters()))
      }
      expect(() => fed(10, 0, 1).reduced(11)).toThrow(expect.objectContaining({ code: 'bad-option' }))
    })

    it('keeps the martingale estimate in its bytes, and gives it up for the canonical ones', () => {
      const sketch = fed(10, 0, 5000)
      expect(UltraLogLog.from(sketch.toBytes()).martingaleCount()).toBe(sketch.martingaleCount())
      expect(sketch.martingaleCount()).not.toBe(sketch.count())
      expect(UltraLogLog.from(sketch.toCanonicalBytes()).martingaleCount()).toBe(sketch.count())
    })

    it('refuses registers that cannot occur', () => {
      expect(() => UltraLogLog.fromRegisters(new Uint8Array(8).fill(9))).toThrow(
        expect.objectContaining({ code: 'corrupt-bytes' }),
      )
      expect(() => UltraLogLog.fromRegisters(new Uint8Array(12))).toThrow(
        expect.objectContaining({ code: 'corrupt-bytes' }),
      )
    })
  })
}
