import { readFileSync } from 'node:fs'
import { fixturePaths } from '@card/testing'
import { describe, expect, it } from 'vitest'
import { LinearCounting } from '../../src/index.js'
import { simulatedHashes } from '../support/hashes.js'

interface Size {
  eps: number
  maxCardinality: number
  bytes: number
}

describe('LinearCounting', () => {
  for (const path of fixturePaths(`${import.meta.dirname}/../fixtures`, 'linear-counting-sizes.json')) {
    it(`takes the sizes of stream-lib (${path.split('/').slice(-2).join('/')})`, () => {
      const { sizes } = JSON.parse(readFileSync(path, 'utf8')) as { sizes: Size[] }
      expect(sizes.length).toBeGreaterThan(0)
      for (const { eps, maxCardinality, bytes } of sizes) {
        expect(new LinearCounting({ expected: maxCardinality, error: eps }).bits).toBe(8 * bytes)
      }
    })
  }

  it('takes the sizes of stream-lib for a few values too, where rounding decides', () => {
    // stream-lib 2.9.8: [error, expected, bytes]
    for (const [error, expected, bytes] of [
      [0.000696, 3, 129022],
      [0.0009, 1, 77153],
      [0.0006, 1, 173672],
      [0.0005, 8, 250002],
      [0.0007, 5, 127552],
      [0.000975, 1, 65748],
    ] as const) {
      expect(new LinearCounting({ expected, error }).bits).toBe(8 * bytes)
    }
  })

  it('sets the bit floor(h1 m / 2^64)', () => {
    const hashes = simulatedHashes(6, 0, 500)
    const edges = Uint32Array.from([
      0, 0, 0, 0, 0xffffffff, 0xffffffff, 0, 0, 0xffffffff, 0, 0, 0, 0, 0x80000000, 0, 0,
    ])
    for (const bits of [8, 104, 2 ** 20 + 8, 0xfff_fff8]) {
      for (const row of [...Array(500).keys()]) {
        const [w0, w1] = row < 4 ? edges.subarray(4 * row) : hashes.subarray(4 * row)
        const counter = new LinearCounting({ bits: bits > 2 ** 21 && row > 5 ? 2 ** 20 + 8 : bits })
        counter.addHash(w0!, w1!, 0, 0)
        const h1 = (BigInt(w1!) << 32n) | BigInt(w0!)
        const expected = Number((h1 * BigInt(counter.bits)) >> 64n)
        const body = counter.toBytes().subarray(16)
        expect(body[expected >> 3]).toBe(1 << (expected & 7))
        if (counter.bits > 2 ** 19 && row > 20) break
      }
    }
  })

  it('estimates -m ln(z / m) with its standard error and says when it is saturated', () => {
    const counter = new LinearCounting({ bits: 1000 })
    expect(counter.bits).toBe(1000)
    counter.addHashes(simulatedHashes(7, 0, 800), 0, 800)
    const set = counter
      .toBytes()
      .subarray(16)
      .reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0)
    expect(counter.count()).toBeCloseTo(-1000 * Math.log((1000 - set) / 1000), 9)
    const load = counter.count() / 1000
    expect(counter.standardError()).toBeCloseTo(Math.sqrt(1000 * (Math.exp(load) - load - 1)), 9)
    const { lower, upper } = counter.bounds()
    expect(upper - counter.count()).toBeCloseTo(2 * counter.standardError() + 1, 9)
    expect(counter.count() - lower).toBeCloseTo(
      2 * counter.standardError() + (Math.exp(load) - load - 1) / 2,
      9,
    )
    expect(counter.saturated).toBe(false)

    const small = new LinearCounting({ bits: 8 })
    small.addHashes(simulatedHashes(8, 0, 500), 0, 500)
    expect(small.saturated).toBe(true)
    expect(small.count()).toBeCloseTo(8 * Math.log(16), 12)
    expect(small.bounds()).toEqual({ lower: 8, upper: Number.POSITIVE_INFINITY })
    expect(LinearCounting.from(small.toBytes()).saturated).toBe(true)
  })

  it('refuses to merge bitmaps of different sizes', () => {
    expect(() => new LinearCounting({ bits: 64 }).merge(new LinearCounting({ bits: 72 }))).toThrow(
      expect.objectContaining({ code: 'cannot-merge' }),
    )
  })

  it('refuses options out of range', () => {
    const bad = [
      { bits: 7 },
      { bits: 2 ** 32 },
      { expected: 0, error: 0.1 },
      { expected: 10, error: 1 },
      { expected: 1e15, error: 0.01 },
    ]
    for (const options of [...bad, undefined as never, { expected: 10 } as never]) {
      expect(() => new LinearCounting(options)).toThrow(expect.objectContaining({ code: 'bad-option' }))
    }
  })
})
