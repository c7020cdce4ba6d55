import type { Assigner } from './assigner.js'
import { assignerOf } from './assigner-of.js'
import { WindowingError } from './errors.js'
import { DAY, meanLength, type WindowSize } from './size.js'

/** One size inside the roll-up plan. */
export interface PlannedSize {
  readonly size: WindowSize
  /** position in the plan: finer sizes first */
  readonly index: number
  /** a base that nobody asked for and that is never published */
  readonly hidden: boolean
  /** the sizes whose windows are unions of this one's */
  readonly coarser: readonly PlannedSize[]
  readonly assigner: Assigner
}

/**
 * The roll-up plan of a set of sizes: a tree whose root, the base, is the largest size that all nest in. Only base
 * windows take events; each other window is the union of the windows of the coarsest finer size that nests in it
 * (minutes into hours into days, days into weeks and into months).
 *
 * @returns finer sizes first; the base is the first
 * @throws WindowingError bad-option, with every problem of the sizes
 */
export function rollUpPlan(sizes: readonly WindowSize[]): readonly PlannedSize[] {
  const problems = problemsOf(sizes)
  if (problems.length > 0) throw new WindowingError('bad-option', problems.join(' '))
  const base = baseOf(sizes)
  const visible = sizes.find((size) => nests(size, base) && nests(base, size))
  const all = (visible === undefined ? [base, ...sizes] : [...sizes]).sort(
    (a, b) => meanLength(a) - meanLength(b),
  )
  const planned = all.map((size, index) => ({
    size,
    index,
    hidden: visible === undefined && size === base,
    coarser: [] as PlannedSize[],
    assigner: assignerOf(size),
  }))
  for (const to of planned.slice(1)) {
    const from = planned.slice(0, to.index).findLast((finer) => nests(finer.size, to.size))
    from?.coarser.push(to)
  }
  return planned
}

/** Whether every window of `coarse` is a union of windows of `fine`. */
export function nests(fine: WindowSize, coarse: WindowSize): boolean {
  if ('unit' in coarse) {
    if ('unit' in fine) {
      return (
        fine.unit === coarse.unit ||
        fine.unit === 'day' ||
        (coarse.unit !== 'week' && nestsInMonths(fine.unit, coarse.unit))
      )
    }
    // Every calendar unit of UTC begins at a multiple of a day.
    return DAY % fine.length === 0 && (fine.offset ?? 0) % fine.length === 0
  }
  if ('unit' in fine) {
    return fine.unit === 'day' && coarse.length % DAY === 0 && (coarse.offset ?? 0) % DAY === 0
  }
  return coarse.length % fine.length === 0 && ((coarse.offset ?? 0) - (fine.offset ?? 0)) % fine.length === 0
}

function nestsInMonths(fine: string, coarse: string): boolean {
  const order = ['month', 'quarter', 'year']
  return order.includes(fine) && order.indexOf(fine) <= order.indexOf(coarse)
}

/** The largest size that all the sizes nest in; one of theirs where they hold it. */
function baseOf(sizes: readonly WindowSize[]): WindowSize {
  const own = sizes.filter((size) => sizes.every((other) => nests(size, other)))
  if (own.length > 0) return own.reduce((a, b) => (meanLength(b) > meanLength(a) ? b : a))
  let length = 0
  let offset: number | undefined
  let onlyCalendar = true
  for (const size of sizes) {
    if ('unit' in size) {
      length = gcd(length, DAY)
      length = gcd(length, (offset ?? 0) % DAY)
      offset ??= 0
    } else {
      onlyCalendar = false
      length = gcd(length, size.length)
      offset ??= size.offset ?? 0
      length = gcd(length, Math.abs((size.offset ?? 0) - offset))
    }
  }
  // Weeks and months share nothing longer than a day.
  if (onlyCalendar) return { name: 'day', unit: 'day' }
  return { name: `${length}ms`, length, offset: (offset ?? 0) % length }
}

function gcd(a: number, b: number): number {
  let [x, y] = [Math.abs(a), Math.abs(b)]
  while (y !== 0) [x, y] = [y, x % y]
  return x
}

function problemsOf(sizes: readonly WindowSize[]): string[] {
  const problems: string[] = []
  if (sizes.length === 0) problems.push('Expected at least one window size, found none; give one.')
  sizes.forEach((size, index) => {
    if (sizes.findIndex((other) => other.name === size.name) !== index) {
      problems.push(`Expected each size to have a name of its own, found "${size.name}" twice; rename one.`)
    } else if (sizes.findIndex((other) => nests(other, size) && nests(size, other)) !== index) {
      problems.push(`Expected sizes to differ, found "${size.name}" equal to another; leave one out.`)
    }
    if ('unit' in size) return
    if (!Number.isSafeInteger(size.length) || size.length < 1) {
      problems.push(
        `Expected the length of "${size.name}" in whole milliseconds from 1, found ${size.length}.`,
      )
    }
    if (!Number.isSafeInteger(size.offset ?? 0)) {
      problems.push(`Expected the offset of "${size.name}" in whole milliseconds, found ${size.offset}.`)
    }
  })
  return problems
}
