import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assignerOf, type CalendarUnit } from '../src/index.js'
import { fixtureLines } from './fixture-lines.js'
import { wallClock, windowByClock } from './wall-clock.js'

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

  it('are those that a clock on the wall shows, in all zones, around changes of the clock and far from them', () => {
    const all = fc.constantFrom(...Intl.supportedValuesOf('timeZone'))
    const [from, to] = [Date.UTC(1900, 0), Date.UTC(2100, 0)]
    const times = fc.array(
      fc.record({
        t: fc.integer({ min: from, max: to }),
        nearChange: fc.boolean(),
        by: fc.integer({ min: -7_200_000, max: 7_200_000 }),
      }),
      { minLength: 1, maxLength: 4 },
    )
    fc.assert(
      fc.property(all, fc.constantFrom(...units), times, (zone, unit, places) => {
        const shown = wallClock(zone)
        const assigner = assignerOf({ name: unit, unit }, zone)
        for (const { t: somewhere, nearChange, by } of places) {
          const t = nearChange ? nextChange(shown, somewhere) + by : somewhere
          assigner.locate(t)
          expect([t, assigner.start, assigner.end]).toEqual([t, ...windowByClock(shown, unit, t)])
        }
      }),
      { numRuns: 150 },
    )
  })

  it('have no day where none was: Samoa had no 30 December 2011, Kwajalein no 21 August 1993', () => {
    for (const [zone, before] of [
      ['Pacific/Apia', Date.UTC(2011, 11, 30, 9)],
      ['Pacific/Kwajalein', Date.UTC(1993, 7, 21, 11)],
    ] as const) {
      const assigner = assignerOf({ name: 'day', unit: 'day' }, zone)
      assigner.locate(before)
      const { start, end } = assigner
      assigner.locate(end)
      const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone })
      expect([end - start, assigner.start]).toEqual([86_400_000, end])
      expect(format.format(assigner.start)).toBe(zone === 'Pacific/Apia' ? '2011-12-31' : '1993-08-22')
      expect(format.format(start)).toBe(zone === 'Pacific/Apia' ? '2011-12-29' : '1993-08-20')
    }
  })

  it('of a zone that nobody knows are refused', () => {
    expect(() => assignerOf({ name: 'd', unit: 'day' }, 'Mars/Olympus')).toThrow('Mars/Olympus')
  })
})

/** The next change of the clock within some months after an instant, to the hour; the instant where there is none. */
function nextChange(shown: (t: number) => number, t: number): number {
  const day = 86_400_000
  for (let from = t; from < t + 200 * day; from += 3 * day) {
    if (shown(from) - from === shown(from + 3 * day) - (from + 3 * day)) continue
    let at = from
    while (shown(at) - at === shown(from) - from) at += 3_600_000
    return at
  }
  return t
}
