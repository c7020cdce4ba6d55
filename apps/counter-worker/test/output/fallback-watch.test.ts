import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { fallbackWarning, type ScannerFigures } from '../../src/output/fallback-warning.js'
import { FallbackWatch } from '../../src/output/fallback-watch.js'

const figures = (lines: number, fallbacks: number, more: Partial<ScannerFigures> = {}): ScannerFigures => ({
  scanning: true,
  lines,
  blank: 0,
  fallbacks,
  fallbackExample: fallbacks === 0 ? null : new TextEncoder().encode('{"deep":[[['),
  ...more,
})

describe('a warning of lines that left the scanner', () => {
  test.each<[string, ScannerFigures]>([
    ['none did', figures(1000, 0)],
    ['one in a hundred did', figures(1000, 10)],
    ['there is no scanner, which is said at the start', figures(1000, 1000, { scanning: false })],
  ])('says nothing where %s', (_, of) => {
    expect(fallbackWarning(of)).toBeNull()
  })

  test('names the share of the lines that are not blank, and an example', () => {
    expect(fallbackWarning(figures(1000, 11))).toMatch(/^1\.1 % of the lines were read by JSON\.parse, /)
    const warning = fallbackWarning(figures(1000, 50, { blank: 900 }))
    expect(warning).toMatch(/^50\.0 % .*for example: \{"deep":\[\[\[$/)
  })
})

describe('a watch of the scanner', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())

  function watched() {
    const reader = { ...figures(0, 0) } as { -readonly [K in keyof ScannerFigures]: ScannerFigures[K] }
    const warnings: string[] = []
    const watch = new FallbackWatch(reader, (text) => warnings.push(text))
    const read = (lines: number, fallbacks: number) => {
      Object.assign(reader, figures(reader.lines + lines, reader.fallbacks + fallbacks))
      vi.advanceTimersByTime(1000)
    }
    return { read, watch, warnings }
  }

  test('warns when it happens, at most once a minute, and not again at the end', () => {
    const { read, watch, warnings } = watched()
    read(5000, 500)
    expect(warnings).toEqual([expect.stringMatching(/^10\.0 %/)])
    for (let second = 0; second < 59; second++) read(5000, 500)
    expect(warnings).toHaveLength(1)
    for (let second = 0; second < 60; second++) read(5000, 500)
    expect(warnings).toHaveLength(2)
    watch.end()
    expect(warnings).toHaveLength(2)
  })

  test('is not misled by a long past without any, nor by a few lines', () => {
    const { read, watch, warnings } = watched()
    read(10_000_000, 0)
    read(10, 10)
    expect(warnings).toEqual([])
    read(2000, 100)
    expect(warnings).toEqual([expect.stringMatching(/^5\.5 %/)])
    watch.end()
  })

  test('tells of a short run at its end', () => {
    const { read, watch, warnings } = watched()
    read(100, 3)
    expect(warnings).toEqual([])
    watch.end()
    expect(warnings).toEqual([expect.stringMatching(/^3\.0 %/)])
    read(5000, 5000)
    expect(warnings).toHaveLength(1)
  })
})
