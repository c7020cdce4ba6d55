import { readFileSync } from 'node:fs'
import { fixturePaths } from '@card/testing'
import { describe, expect, it } from 'vitest'
import { registerBounds } from '../../src/hll/relative-error.js'

type Errors = Record<string, [number, number, number]>
type Fixture = Record<'hipLower' | 'hipUpper' | 'mergedLower' | 'mergedUpper', Errors>

describe('The bounds of registers', () => {
  for (const path of fixturePaths(`${import.meta.dirname}/../fixtures`, 'datasketches-bounds.json')) {
    it(`take the relative errors of ${path.split('/').slice(-2).join('/')}`, () => {
      const fixture = JSON.parse(readFileSync(path, 'utf8')) as Fixture
      const precisions = Object.keys(fixture.hipLower).map(Number)
      expect(precisions.length).toBeGreaterThan(0)
      for (const precision of precisions) {
        for (const sigmas of [1, 2, 3] as const) {
          const ordered = registerBounds(1e6, precision, 0, sigmas, true)
          const merged = registerBounds(1e6, precision, 0, sigmas, false)
          const at = (errors: Errors) => Math.abs(errors[precision]![sigmas - 1]!)
          expect(ordered.lower).toBe(1e6 / (1 + at(fixture.hipLower)))
          expect(ordered.upper).toBe(1e6 / (1 - at(fixture.hipUpper)))
          expect(merged.lower).toBe(1e6 / (1 + at(fixture.mergedLower)))
          expect(merged.upper).toBe(1e6 / (1 - at(fixture.mergedUpper)))
        }
      }
    })
  }

  it('stay in order around a HIP estimate that an image made up', () => {
    expect(registerBounds(0, 10, 500, 2, true)).toEqual({ lower: 500, upper: 500 })
  })
})
