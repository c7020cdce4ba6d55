import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import type { Countable, HllType, HyperLogLog } from '../../src/index.js'

export interface Input {
  kind: 'int64' | 'string' | 'int64list' | 'double' | 'utf8hex' | 'bytes'
  from: number
  count: number
  prefix: string
  values: string[]
}

export interface Image {
  estimate: number
  compositeEstimate: number
  lower: number[]
  upper: number[]
  mode: string
  length: number
  sha256: string
  hex?: string
}

export interface Case extends Image {
  lgK: number
  type: HllType
  input: Input
  updatableLength?: number
  updatableSha256?: string
}

export interface UnionCase extends Image {
  lgMaxK: number
  a: { lgK: number; type: HllType; input: Input }
  b: { lgK: number; type: HllType; input: Input }
  resultType: HllType
  resultLgK: number
  thenInput: Input
  then: Image
}

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** A byte order mark is a character of the text like any other. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Whole numbers are added as int64: to count one as upstream's double its eight bytes are added. */
function doubleOf(value: number): Countable {
  return value !== 0 && Number.isSafeInteger(value) ? new Uint8Array(Float64Array.of(value).buffer) : value
}

function* inputValues(input: Input): Generator<Countable> {
  const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'))
  switch (input.kind) {
    case 'int64':
      for (let i = 0; i < input.count; i++) yield input.from + i
      break
    case 'string':
      for (let i = 0; i < input.count; i++) yield `${input.prefix}${input.from + i}`
      break
    case 'int64list':
      yield* input.values.map(BigInt)
      break
    case 'double':
      yield* input.values.map((text) => doubleOf(Number(text)))
      break
    case 'utf8hex':
      yield* input.values.map((hex) => decoder.decode(bytes(hex)))
      break
    case 'bytes':
      yield* input.values.map(bytes)
      break
    default:
      throw new Error(`unknown kind of input ${JSON.stringify(input).slice(0, 100)}`)
  }
}

export function addInput(sketch: HyperLogLog, input: Input): void {
  for (const value of inputValues(input)) sketch.add(value)
}

/** Bytes, estimate and bounds of one image that upstream made; `ordered` when no registers were united. */
export function expectImage(sketch: HyperLogLog, expected: Image, ordered: boolean): void {
  const bytes = sketch.toBytes()
  if (expected.hex !== undefined) expect(Buffer.from(bytes).toString('hex')).toBe(expected.hex)
  expect([bytes.length, sha256(bytes)]).toEqual([expected.length, expected.sha256])
  expect(sketch.mode).toBe(expected.mode.toLowerCase())
  for (const [i, confidence] of [0.68, 0.95, 0.997].entries()) {
    const { lower, upper } = sketch.hipBounds(confidence)
    if (ordered) {
      expect(sketch.hipCount()).toBe(expected.estimate)
      expect({ lower, upper }).toEqual({ lower: expected.lower[i], upper: expected.upper[i] })
    } else {
      // The estimates differ by what is allowed below, the bounds in proportion.
      expect(upper / sketch.hipCount()).toBeCloseTo(expected.upper[i]! / expected.estimate, 10)
      expect(lower / sketch.hipCount()).toBeCloseTo(
        expected.lower[i]! / expected.estimate,
        sketch.precision < 8 ? 2 : 4,
      )
    }
  }
  // Upstream takes its composite estimate from measured tables, which round at the lowest precisions.
  const tolerance = sketch.mode !== 'hll' ? 1e-12 : sketch.precision < 8 ? 0.01 : 1e-4
  const difference = Math.abs(sketch.count() - expected.compositeEstimate)
  expect(difference).toBeLessThanOrEqual(tolerance * expected.compositeEstimate)
}
