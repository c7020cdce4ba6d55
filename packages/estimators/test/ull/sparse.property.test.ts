import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UltraLogLog } from '../../src/index.js'
import { uniteRegisters } from '../../src/ull/ull-register.js'

type Hash = readonly [number, number]

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const hash: fc.Arbitrary<Hash> = fc.tuple(
  fc.oneof(word, fc.constantFrom(0, 1, 2 ** 31)),
  // Few slots, and updates of every height.
  fc.oneof(word, fc.constantFrom(0, 1, 2 ** 20, 2 ** 32 - 1), fc.integer({ min: 0, max: 40 })),
)
const hashes = fc.array(hash, { maxLength: 400 })
const precisions = fc.constantFrom(3, 5, 8, 10, 13)

/** All registers from the start, by the definition. */
function modelOf(values: readonly Hash[], precision: number): Uint8Array {
  const registers = new Uint8Array(2 ** precision)
  for (const [low, high] of values) {
    const h = (BigInt(high) << 32n) | BigInt(low)
    const rest = BigInt.asUintN(64 - precision, h)
    const zeros = 64 - precision - (rest === 0n ? 0 : rest.toString(2).length)
    const slot = Number(h >> BigInt(64 - precision))
    registers[slot] = uniteRegisters(registers[slot]!, 4 * (zeros + precision - 1))
  }
  return registers
}

function sketchOf(values: readonly Hash[], precision: number): UltraLogLog {
  const sketch = new UltraLogLog({ precision })
  for (const [low, high] of values) sketch.addHash(low, high, 0, 0)
  return sketch
}

/** The bytes with every register, which are read whatever the number in use. */
function denseBytes(registers: Uint8Array, precision: number): Uint8Array {
  const bytes = new Uint8Array(16 + registers.length)
  bytes.set([0x43, 0x44, 3, new UltraLogLog().toBytes()[3]!, precision])
  bytes.set(registers, 16)
  return bytes
}

describe('an UltraLogLog of few values', () => {
  it('has the registers, estimates and bytes of one that has all registers from the start', () => {
    fc.assert(
      fc.property(precisions, hashes, (precision, values) => {
        const model = modelOf(values, precision)
        const sketch = sketchOf(values, precision)
        expect(sketch.toRegisters()).toEqual(model)
        const whole = UltraLogLog.fromRegisters(model)
        expect(sketch.count()).toBe(whole.count())
        expect(sketch.fgraCount()).toBe(whole.fgraCount())
        expect(sketch.toCanonicalBytes()).toEqual(whole.toCanonicalBytes())
        const dense = UltraLogLog.from(denseBytes(model, precision))
        expect(dense.toCanonicalBytes()).toEqual(sketch.toCanonicalBytes())
        const again = UltraLogLog.from(sketch.toCanonicalBytes())
        expect(again.toRegisters()).toEqual(model)
      }),
    )
  })

  it('merges with many, with few and with those of another precision as registers do', () => {
    fc.assert(
      fc.property(precisions, precisions, hashes, hashes, (p, q, left, right) => {
        fc.pre(left.length > 0 && right.length > 0)
        const merged = sketchOf(left, p)
        merged.merge(sketchOf(right, q))
        expect(merged.precision).toBe(Math.min(p, q))
        expect(merged.toRegisters()).toEqual(modelOf([...left, ...right], Math.min(p, q)))
        const before = merged.toCanonicalBytes()
        merged.merge(merged)
        expect(merged.toCanonicalBytes()).toEqual(before)
      }),
    )
  })

  it('goes on as before after its bytes were read, the martingale estimate included', () => {
    fc.assert(
      fc.property(precisions, hashes, hashes, (precision, before, after) => {
        const sketch = sketchOf(before, precision)
        const read = UltraLogLog.from(sketch.toBytes())
        for (const [low, high] of after) for (const one of [sketch, read]) one.addHash(low, high, 0, 0)
        expect(read.toBytes()).toEqual(sketch.toBytes())
      }),
    )
  })

  it('takes some bytes a value, and never more than all registers', () => {
    for (let precision = 3; precision <= 26; precision++) {
      const all = 2 ** precision
      const sketch = new UltraLogLog({ precision })
      sketch.add('user')
      expect(sketch.toCanonicalBytes().length).toBe(16 + Math.min(all, 9))
      if (precision <= 24) expect(sketch.memoryBytes()).toBeLessThan(450)
      for (let i = 0; i < 1000; i++) sketch.add(i)
      expect(sketch.toCanonicalBytes().length).toBeLessThanOrEqual(16 + Math.min(all, 4 + 5 * 1001))
      sketch.clear()
      expect(sketch.toRegisters().some((register) => register !== 0)).toBe(false)
    }
  })

  it('refuses slots that are out of order, twice or out of range, and registers that cannot be', () => {
    const good = sketchOf(
      [
        [1, 2 ** 31],
        [2, 2 ** 30],
      ],
      10,
    ).toCanonicalBytes()
    const broken = (change: (view: DataView) => void) => {
      const bytes = good.slice()
      change(new DataView(bytes.buffer))
      return () => UltraLogLog.from(bytes)
    }
    expect(good.length).toBe(16 + 4 + 2 * 5)
    expect(UltraLogLog.from(good).toCanonicalBytes()).toEqual(good)
    const slot = new DataView(good.buffer).getUint32(25, true)
    for (const change of [
      (view: DataView) => view.setUint32(20, slot, true),
      (view: DataView) => view.setUint32(20, slot + 1, true),
      (view: DataView) => view.setUint32(25, 1024, true),
      (view: DataView) => view.setUint8(24, 0),
      (view: DataView) => view.setUint8(24, 1),
      (view: DataView) => view.setUint32(16, 1, true),
      (view: DataView) => view.setUint32(16, 2 ** 31, true),
      (view: DataView) => view.setUint8(6, 2),
    ]) {
      expect(broken(change)).toThrow(expect.objectContaining({ code: 'corrupt-bytes' }))
    }
  })
})
