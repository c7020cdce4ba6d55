import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Watermarks } from '../src/index.js'
import { fixtureLines } from './fixture-lines.js'

interface WatermarkLine {
  name: string
  config: { outOfOrderness: number | null; partitions: number }
  input: { p?: number; t?: number; idle?: number; active?: number; watermark?: number; end?: true }[]
  expect: { watermarks: (number | 'max' | null)[] }
}

function combined({ config, input }: WatermarkLine): (number | 'max' | null)[] {
  const marks = new Watermarks(Array.from({ length: config.partitions }, (_, p) => p))
  return input.map(({ p, t, idle, active, watermark, end }) => {
    if (end) marks.finish()
    else if (idle !== undefined) marks.idle(idle)
    else if (active !== undefined) marks.active(active)
    else if (watermark !== undefined) marks.observe(p!, watermark)
    else if (config.outOfOrderness !== null) marks.observe(p!, t! - config.outOfOrderness - 1)
    const value = marks.combined
    return value === Infinity ? 'max' : value === -Infinity ? null : value
  })
}

describe('Apache Flink combines watermarks the same way', () => {
  it.each(fixtureLines<WatermarkLine>('flink-watermarks.jsonl'))('$name', (line) => {
    expect(combined(line)).toEqual(line.expect.watermarks)
  })
})

describe('the combined watermark', () => {
  it('never goes back, whatever is added, removed, idle, active or ended', () => {
    const step = fc.record({
      what: fc.constantFrom('add', 'remove', 'observe', 'idle', 'active', 'ended'),
      p: fc.nat({ max: 4 }),
      w: fc.integer({ min: -100, max: 100 }),
    })
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const marks = new Watermarks([0])
        const known = new Set([0])
        let before = marks.combined
        for (const { what, p, w } of steps) {
          if (what === 'add') {
            marks.add(p)
            known.add(p)
          } else if (known.has(p)) {
            if (what === 'observe') marks.observe(p, w)
            else marks[what](p)
            if (what === 'remove') known.delete(p)
          }
          expect(marks.combined).toBeGreaterThanOrEqual(before)
          before = marks.combined
        }
      }),
    )
  })

  it('rises when the partition that holds it is removed or ends', () => {
    const removed = new Watermarks([0, 1])
    removed.observe(0, 10)
    removed.observe(1, 20)
    removed.remove(0)
    expect(removed.combined).toBe(20)
    const ended = new Watermarks([0, 1])
    ended.observe(1, 20)
    ended.ended(0)
    expect(ended.combined).toBe(20)
  })

  it('stays when no partition is left', () => {
    const marks = new Watermarks([0])
    marks.observe(0, 10)
    marks.remove(0)
    expect(marks.combined).toBe(10)
  })

  it('refuses a partition that was not added', () => {
    expect(() => new Watermarks().observe(3, 5)).toThrow(/partition.*3.*add\(3\)/)
  })
})
