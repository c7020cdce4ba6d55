import { readFileSync } from 'node:fs'
import { fixturePaths } from '@card/testing'
import { describe, expect, it } from 'vitest'
import { type HllType, HllUnion, HyperLogLog } from '../../src/index.js'
import { addInput, type Input, sha256 } from '../support/datasketches.js'

type Form = 'compact' | 'updatable'
type Update = (
  | { hex: string }
  | { lgK: number; type: HllType; input: Input; read?: Form; more?: boolean }
) & {
  restart?: HllType | Form
}

interface Chain {
  lgMaxK: number
  updates: Update[]
  results: {
    type: HllType
    lgK: number
    sha256: string
    updatableSha256: string
    rereadSha256: string
    thenSha256: string
  }[]
}

function sketchOf(update: Update): HyperLogLog {
  if ('hex' in update) return HyperLogLog.from(new Uint8Array(Buffer.from(update.hex, 'hex')))
  const { lgK, type, input, read, more } = update
  let sketch = new HyperLogLog({ precision: lgK, type })
  addInput(sketch, input)
  if (read !== undefined) sketch = HyperLogLog.from(sketch.toBytes(read))
  for (let i = 0; more && i < 50; i++) sketch.add(1_000_000 + i)
  return sketch
}

/** As a union of upstream that is written in a form and read again, or begun anew with a result. */
function restarted(union: HllUnion, restart: HllType | Form, lgMaxK: number): HllUnion {
  const isForm = restart === 'compact' || restart === 'updatable'
  const content = isForm ? HyperLogLog.from(union.result('HLL_8').toBytes(restart)) : union.result(restart)
  const next = new HllUnion({ precision: isForm ? content.precision : lgMaxK })
  next.update(content)
  return next
}

describe('HllUnion of many sketches, read and written between, is that of Apache DataSketches for Java', () => {
  for (const path of fixturePaths(`${import.meta.dirname}/../fixtures`, 'datasketches-hll-chains.json')) {
    const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: Chain[] }
    for (const [i, { lgMaxK, updates, results }] of cases.entries()) {
      it(`in chain ${i} of ${updates.length} sketches`, () => {
        let union = new HllUnion({ precision: lgMaxK })
        for (const update of updates) {
          union.update(sketchOf(update))
          if (update.restart !== undefined) union = restarted(union, update.restart, lgMaxK)
        }
        for (const expected of results) {
          const result = union.result(expected.type)
          const bytes = result.toBytes()
          expect([result.precision, sha256(bytes)]).toEqual([expected.lgK, expected.sha256])
          expect(sha256(result.toBytes('updatable'))).toBe(expected.updatableSha256)
          const read = HyperLogLog.from(bytes)
          expect(sha256(read.toBytes())).toBe(expected.rereadSha256)
          expect(sha256(read.toCanonicalBytes())).toBe(sha256(result.toCanonicalBytes()))
          for (let more = 0; more < 30; more++) result.add(`more${more}`)
          expect(sha256(result.toBytes())).toBe(expected.thenSha256)
        }
      })
    }
  }
})
