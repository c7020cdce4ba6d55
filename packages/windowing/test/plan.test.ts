import { describe, expect, it } from 'vitest'
import { rollUpPlan, type WindowSize } from '../src/index.js'

const fixed = (name: string, length: number, offset = 0): WindowSize => ({ name, length, offset })
const minute = 60_000

/** Each size with what it is built from. */
function tree(sizes: WindowSize[], zone?: string): string {
  return rollUpPlan(sizes, zone)
    .map((to) => {
      const from = rollUpPlan(sizes, zone).find((finer) =>
        finer.coarser.some((c) => c.size.name === to.size.name),
      )
      return `${to.hidden ? `(${to.size.name})` : to.size.name}<${from?.size.name ?? ''}`
    })
    .join(' ')
}

describe('the roll-up plan', () => {
  it('builds each size from the coarsest finer one that nests in it', () => {
    const sizes: WindowSize[] = [
      { name: '1y', unit: 'year' },
      { name: '1w', unit: 'week' },
      { name: '1q', unit: 'quarter' },
      { name: '1M', unit: 'month' },
      { name: '1d', unit: 'day' },
      fixed('1h', 60 * minute),
      fixed('5m', 5 * minute),
      fixed('10m', 10 * minute),
      fixed('1m', minute),
    ]
    expect(tree(sizes)).toBe('1m< 5m<1m 10m<5m 1h<10m 1d<1h 1w<1d 1M<1d 1q<1M 1y<1q')
  })

  it('takes the largest size that all nest in as a hidden base', () => {
    expect(tree([fixed('7m', 7 * minute), fixed('1h', 60 * minute)])).toBe('(60000ms)< 7m<60000ms 1h<60000ms')
    expect(tree([fixed('36h', 36 * 60 * minute), { name: '1d', unit: 'day' }])).toBe(
      `(${12 * 60 * minute}ms)< 1d<${12 * 60 * minute}ms 36h<${12 * 60 * minute}ms`,
    )
    expect(
      tree([
        { name: '1w', unit: 'week' },
        { name: '1M', unit: 'month' },
      ]),
    ).toBe('(day)< 1w<day 1M<day')
    expect(
      tree([
        { name: '1M', unit: 'month' },
        { name: '1y', unit: 'year' },
      ]),
    ).toBe('1M< 1y<1M')
    expect(tree([fixed('a', 60, 0), fixed('b', 60, 20)])).toBe('(20ms)< a<20ms b<20ms')
  })

  it('knows that hours counted from the epoch do not fill the days of every zone', () => {
    const sizes: WindowSize[] = [fixed('1h', 60 * minute), { name: '1d', unit: 'day' }]
    expect(tree(sizes, 'Europe/Berlin')).toBe('1h< 1d<1h')
    expect(tree(sizes, 'Asia/Kathmandu')).toBe(`(${15 * minute}ms)< 1h<${15 * minute}ms 1d<${15 * minute}ms`)
    const clock: WindowSize[] = [
      { name: 'hour', unit: 'hour' },
      { name: '1d', unit: 'day' },
    ]
    expect(tree(clock, 'Asia/Kathmandu')).toBe('hour< 1d<hour')
  })

  it('refuses sizes without a length, with one name, or that are the same', () => {
    expect(() => rollUpPlan([])).toThrow('at least one')
    expect(() => rollUpPlan([fixed('1m', 0), fixed('1m', 5)])).toThrow(/length.*name of its own/)
    expect(() => rollUpPlan([fixed('24h', 24 * 60 * minute), { name: '1d', unit: 'day' }])).toThrow(
      'equal to another',
    )
  })
})
