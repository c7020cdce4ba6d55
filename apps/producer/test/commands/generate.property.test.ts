import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { recount } from '../model/recount.js'
import { runInMemory } from '../model/run-in-memory.js'
import type { Flags } from '../options/sources.js'

const windows = ['1500ms', '7s', '1m', '1h', '1d', '1w', '1M', '1q', '1y']
const text = (arbitrary: fc.Arbitrary<number>) => arbitrary.map(String)
const percent = fc.constantFrom('0', '0', '3', '40', '100')
const skew = fc.constantFrom('uniform', 'zipf:1', 'zipf:0.5', 'zipf:2.5')

/** Any combination of flags, small enough to recount quickly. */
const flags: fc.Arbitrary<Flags> = fc
  .record({
    frames: text(fc.integer({ min: 0, max: 400 })),
    rate: fc.constantFrom('0.01', '0.7', '3', '1025'),
    start: fc.constantFrom('0', '2016-02-28T23:59:50Z', '1468244384', '2024-12-30', '4999-12-31T23:59:00Z'),
    lineLength: fc.constantFrom('64', '100', '250', '600'),
    keyShapes: fc.constantFrom('mixed', 'repeated', 'fresh'),
    crlf: fc.boolean(),
    users: fc.constantFrom('1', '5', '33', '2000', '1000000'),
    keySkew: skew,
    groups: fc.constantFrom('0', '1', '4', '1000'),
    groupField: fc.constantFrom('video', 'amber', 'id', '__proto__'),
    groupSkew: skew,
    groupless: percent,
    lateProbability: percent,
    lateMax: fc.constantFrom('1', '90', '1000000'),
    flipProbability: percent,
    duplicates: percent,
    seed: text(fc.integer({ min: 0, max: 0xffffffff })),
  })
  .chain((base) => {
    const kinds = [
      'not-json',
      'not-object',
      'missing-time',
      'bad-time',
      'missing-key',
      'bad-key',
      'blank',
      'too-long',
    ]
    const possible = base.groups === '0' ? kinds : [...kinds, 'bad-group']
    const list = fc
      .subarray(possible, { minLength: 1 })
      .map((chosen) => chosen.map((kind) => `${kind}=${kind === 'too-long' ? 2 : 8}`).join(','))
    return fc
      .oneof(percent, list)
      .map((malformed) => ({ ...base, malformed, maxLine: '2KiB', truthWindows: windows.join(',') }))
      .map(withoutIdle)
  })

/** Flags without those that others leave nothing to do. */
function withoutIdle(raw: Flags): Flags {
  const idle = new Set<string>()
  if (raw.groups === '0') for (const name of ['groupField', 'groupSkew', 'groupless']) idle.add(name)
  if (raw.lateProbability === '0') idle.add('lateMax')
  return Object.fromEntries(Object.entries(raw).filter(([name]) => !idle.has(name)))
}

describe('the truth', () => {
  test('equals a recount of the bytes, for any flags', async () => {
    await fc.assert(
      fc.asyncProperty(flags, async (raw) => {
        const { bytes, truth } = await runInMemory(raw)
        const groupField = raw.groups === '0' ? null : String(raw.groupField)
        expect(truth).toEqual(recount(bytes, { windows, groupField, maxLine: 2048 }))
      }),
      { numRuns: 150 },
    )
  })

  test('does not depend on the length of the lines or the shape of their keys', async () => {
    await fc.assert(
      fc.asyncProperty(
        flags,
        fc.constantFrom('70', '900'),
        fc.constantFrom('mixed', 'fresh'),
        async (raw, lineLength, keyShapes) => {
          const { bytes: _, ...truth } = (await runInMemory(raw)).truth
          const { bytes: __, ...other } = (await runInMemory({ ...raw, lineLength, keyShapes })).truth
          expect(other).toEqual(truth)
        },
      ),
      { numRuns: 30 },
    )
  })
})

describe('the bytes', () => {
  test('are the same for the same flags, however they are cut into writes and paced', async () => {
    await fc.assert(
      fc.asyncProperty(
        flags,
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 50 }),
        async (raw, writeSize, step) => {
          let allowed = 0
          const pacing = {
            allowed: () => allowed,
            wait: async () => {
              allowed += step
            },
          }
          const whole = await runInMemory(raw)
          const pieces = await runInMemory(raw, { writeSize, pacing })
          expect(pieces.bytes.equals(whole.bytes)).toBe(true)
          expect(pieces.truth).toEqual(whole.truth)
        },
      ),
      { numRuns: 40 },
    )
  })

  test('differ from seed to seed', async () => {
    const seeds = await Promise.all(
      ['1', '2', '3', '4294967295'].map((seed) => runInMemory({ frames: '5', seed })),
    )
    expect(new Set(seeds.map(({ bytes }) => bytes.toString())).size).toBe(4)
  })
})
