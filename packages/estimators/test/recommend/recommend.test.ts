import { describe, expect, it } from 'vitest'
import { HyperLogLog, LinearCounting, recommend, UltraLogLog } from '../../src/index.js'
import { simulatedHashes } from '../support/hashes.js'

const hashes = simulatedHashes(10, 0, 45_000)

describe('recommend', () => {
  it('takes linear counting for 45,000 values at .2 %, which every sketch needs more for', () => {
    const best = recommend({ expected: 45_000, error: 0.002 })
    expect(best.kind).toBe('linear')
    expect(best.memoryBytes).toBeLessThan(20_000)
    expect(recommend({ expected: 45_000, error: 0.002, kind: 'ull' }).memoryBytes).toBeGreaterThan(100_000)
  })

  it('takes exact fingerprints for no error, and for few values that a sketch would need more for', () => {
    expect(recommend({ expected: 1000, error: 0 }).kind).toBe('exact')
    expect(recommend({ expected: 3, error: 1e-7 }).kind).toBe('exact')
  })

  it('takes a sketch when the number is unknown or the sketch must be read elsewhere', () => {
    expect(recommend({ error: 0.01 }).kind).toBe('ull')
    expect(recommend({ error: 0.01, interop: 'datasketches' })).toMatchObject({
      kind: 'hll',
      options: { precision: 14 },
    })
    expect(recommend({ expected: 1e9, error: 0.02, interop: 'datasketches' })).toMatchObject({
      options: { precision: 12 },
    })
  })

  it('needs less for one stream that is never merged', () => {
    const single = recommend({ error: 0.013, mergeable: false, interop: 'datasketches' })
    expect(single).toMatchObject({ options: { precision: 13 }, estimate: 'hipCount' })
    expect(recommend({ error: 0.0132, mergeable: false, kind: 'ull' })).toMatchObject({
      estimate: 'martingaleCount',
    })
    const merged = recommend({ error: 0.0105, kind: 'ull' })
    expect(recommend({ error: 0.0105, mergeable: false, kind: 'ull' }).memoryBytes).toBeLessThan(
      merged.memoryBytes,
    )
  })

  it('says what the counter that it creates then takes', () => {
    const cases = [
      { expected: 45_000, error: 0.01, kind: 'linear' },
      { expected: 45_000, error: 0.01, kind: 'hll' },
      { expected: 45_000, error: 0.01, kind: 'ull' },
      { expected: 45_000, error: 0.01, kind: 'exact' },
      { expected: 500, error: 0.01, kind: 'hll' },
    ] as const
    for (const options of cases) {
      const best = recommend(options)
      const counter = best.create()
      expect(counter.kind).toBe(options.kind)
      counter.addHashes(hashes, 0, options.expected)
      expect(counter.memoryBytes() / best.memoryBytes).toBeGreaterThan(0.6)
      expect(counter.memoryBytes() / best.memoryBytes).toBeLessThan(1.5)
      expect(counter.toBytes().length / best.serializedBytes).toBeCloseTo(1, 1)
      expect(Math.abs(counter.count() / options.expected - 1)).toBeLessThanOrEqual(5 * best.error)
      expect(best.error).toBeLessThanOrEqual(options.error)
    }
  })

  it('gives options that their constructors take', () => {
    const linear = recommend({ expected: 1e6, error: 0.01, kind: 'linear' })
    if (linear.kind === 'linear') expect(new LinearCounting(linear.options).bits).toBe(8 * 19272)
    const ull = recommend({ error: 0.05, kind: 'ull' })
    if (ull.kind === 'ull') expect(new UltraLogLog(ull.options).precision).toBe(8)
    const hll = recommend({ error: 0.05, kind: 'hll' })
    if (hll.kind === 'hll') expect(new HyperLogLog(hll.options).precision).toBe(9)
    expect([linear.kind, ull.kind, hll.kind]).toEqual(['linear', 'ull', 'hll'])
  })

  it('takes linear counting for as many values as its greatest bitmap reaches', () => {
    const best = recommend({ expected: 1e10, error: 0.01, kind: 'linear' })
    expect(best.error).toBeLessThanOrEqual(0.01)
    expect(best.memoryBytes).toBeLessThan(2 ** 29)
    expect(() => recommend({ expected: 1e12, error: 0.01, kind: 'linear' })).toThrow('allow a larger one')
  })

  it('asks for the expected number only where stating it would help', () => {
    const messages = (
      [
        { error: 1e-4, kind: 'hll' },
        { error: 1e-5, kind: 'hll' },
        { error: 1e-6, kind: 'ull' },
        { error: 0.01, kind: 'linear' },
        { error: 0 },
        { error: 0, interop: 'datasketches' },
      ] as const
    ).map((options) => {
      try {
        return recommend(options).kind
      } catch (error) {
        return (error as Error).message.replace(/.*: /, '')
      }
    })
    const larger = 'allow a larger one'
    expect(messages).toEqual(['state it', larger, larger, 'state it', 'state it', larger])
  })

  it('refuses what no counter can do', () => {
    for (const options of [
      { error: 0 },
      { error: 1 },
      { error: -1 },
      { error: 1e-9, kind: 'hll' },
      { kind: 'linear' },
      { expected: 0 },
      { interop: 'redis' as 'none' },
    ] as const) {
      expect(() => recommend(options)).toThrow(expect.objectContaining({ code: 'bad-option' }))
    }
  })
})
