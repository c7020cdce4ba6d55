import { readFileSync } from 'node:fs'
import { fixturePaths } from '@card/testing'
import { describe, expect, it } from 'vitest'
import { HllUnion, HyperLogLog } from '../../src/index.js'
import { addInput, type Case, expectImage, sha256, type UnionCase } from '../support/datasketches.js'

const folder = `${import.meta.dirname}/../fixtures`
const fed = ({ lgK, type, input }: Pick<Case, 'lgK' | 'type' | 'input'>) => {
  const sketch = new HyperLogLog({ precision: lgK, type })
  addInput(sketch, input)
  return sketch
}

describe('HyperLogLog is Apache DataSketches for Java byte for byte', () => {
  for (const path of fixturePaths(folder, 'datasketches-hll.json')) {
    const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: Case[] }
    for (const [i, expected] of cases.entries()) {
      const { type, lgK, input } = expected
      it(`in image ${i}: ${type} of precision ${lgK} after ${input.count ?? input.values.length} ${input.kind}`, () => {
        const sketch = fed(expected)
        expectImage(sketch, expected, true)
        const updatable = sketch.toBytes('updatable')
        if (expected.updatableSha256 !== undefined) {
          expect([updatable.length, sha256(updatable)]).toEqual([
            expected.updatableLength,
            expected.updatableSha256,
          ])
        }
        for (const bytes of [sketch.toBytes(), updatable]) {
          const read = HyperLogLog.from(bytes)
          expect(sha256(read.toCanonicalBytes())).toBe(sha256(sketch.toCanonicalBytes()))
          expect([read.type, read.hipCount(), read.mode]).toEqual([type, sketch.hipCount(), sketch.mode])
          // The table of an updatable set is kept place by place. That of a compact set, and the exceptions of HLL_4,
          // are built anew, here as upstream, in another order if need be.
          if (sketch.mode === 'hll' ? type !== 'HLL_4' : bytes === updatable) {
            expect(sha256(read.toBytes())).toBe(expected.sha256)
            expect(sha256(read.toBytes('updatable'))).toBe(sha256(updatable))
          }
        }
      })
    }
  }
})

describe('HllUnion is the union of Apache DataSketches for Java byte for byte', () => {
  for (const path of fixturePaths(folder, 'datasketches-hll-union.json')) {
    const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: UnionCase[] }
    for (const [i, expected] of cases.entries()) {
      const { a, b } = expected
      it(`in union ${i}: ${a.input.count} in ${a.type}(${a.lgK}), ${b.input.count} in ${b.type}(${b.lgK})`, () => {
        const union = new HllUnion({ precision: expected.lgMaxK })
        union.update(fed(a))
        union.update(fed(b))
        const result = union.result(expected.resultType)
        const ordered = expected.estimate !== expected.compositeEstimate || expected.mode !== 'HLL'
        expect(result.precision).toBe(expected.resultLgK)
        expectImage(result, expected, ordered)
        addInput(result, expected.thenInput)
        expectImage(result, expected.then, ordered)
      })
    }
  }
})
