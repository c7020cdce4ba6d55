import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assignerOf, type CalendarUnit } from '../src/index.js'
import { fixtureLines } from './fixture-lines.js'

interface CalendarLine {
  zone: string
  unit: CalendarUnit
  t: number
  start: number
  end: number
}

describe('java.time finds the same calendar windows', () => {
  const lines = fixtureLines<CalendarLine>('calendar.jsonl')
  const kinds = new Map<string, CalendarLine[]>()
  for (const line of lines) {
    const kind = `${line.unit}s of ${line.zone}`
    kinds.set(kind, [...(kinds.get(kind) ?? []), line])
  }
  it.each([...kinds])('%s', (_, same) => {
    const { unit, zone } = same[0]!
    const assigner = assignerOf({ name: unit, unit }, zone)
    for (const { t, start, end } of same) {
      assigner.locate(t)
      expect([t, assigner.start, assigner.end]).toEqual([t, start, end])
      const fresh = assignerOf({ name: unit, unit }, zone)
      fresh.locate(t)
      expect([t, fresh.start, fresh.end]).toEqual([t, start, end])
    }
  })
})

describe('windows of any zone and unit', () => {
  const zones = [
    'UTC',
    'Europe/Berlin',
    'America/St_Johns',
    'Pacific/Apia',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
    'America/Sao_Paulo',
    'Africa/Casablanca',
  ]
  const units: CalendarUnit[] = ['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year']

  it('neither overlap nor leave a gap', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom(...units),
        fc.integer({ min: 0, max: 2_000_000_000_000 }),
        (zone, unit, t) => {
          const assigner = assignerOf({ name: unit, unit }, zone)
          assigner.locate(t)
          const { start, end } = assigner
          expect(start <= t && t < end).toBe(true)
          for (const inside of [start, end - 1]) {
            assigner.locate(inside)
            expect([assigner.start, assigner.end]).toEqual([start, end])
          }
          assigner.locate(end)
          expect(assigner.start).toBe(end)
          assigner.locate(start - 1)
          expect(assigner.end).toBe(start)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('nest: minutes in hours, hours in days, days in weeks and months, months in quarters, quarters in years', () => {
    const pairs = [
      ['minute', 'hour'],
      ['hour', 'day'],
      ['day', 'week'],
      ['day', 'month'],
      ['month', 'quarter'],
      ['quarter', 'year'],
    ] as const
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom(...pairs),
        fc.integer({ min: 0, max: 2_000_000_000_000 }),
        (zone, [fine, coarse], t) => {
          const [small, large] = [fine, coarse].map((unit) => assignerOf({ name: unit, unit }, zone))
          small!.locate(t)
          large!.locate(t)
          expect(small!.start).toBeGreaterThanOrEqual(large!.start)
          expect(small!.end).toBeLessThanOrEqual(large!.end)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('of a zone that nobody knows are refused', () => {
    expect(() => assignerOf({ name: 'd', unit: 'day' }, 'Mars/Olympus')).toThrow('Mars/Olympus')
  })
})
