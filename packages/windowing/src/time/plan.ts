import { WindowingError } from '../errors.js'
import type { Assigner } from './assigner.js'
import { assignerOf } from './assigner-of.js'
import { sizeShapeProblems, sizeValueProblems } from './check-sizes.js'
import { CalendarGrid, equal, gcd, nests } from './nesting.js'
import { DAY, meanLength, type WindowSize } from './size.js'
import { zoneOf } from './zone.js'

/** One size inside the roll-up plan. */
export interface PlannedSize {
  readonly size: WindowSize
  /** position in the plan: finer sizes first */
  readonly index: number
  /** in the tree, but never published */
  readonly hidden: boolean
  /** the sizes asked for that it stands for */
  readonly stands: readonly WindowSize[]
  /** the sizes whose windows are unions of this one's */
  readonly coarser: readonly PlannedSize[]
  /** which of its windows holds a time */
  readonly assigner: Assigner
}

/**
 * The roll-up plan of a set of sizes: a tree whose root, the base, is the largest size that all nest in. Only base
 * windows take events; each other window is the union of the windows of the coarsest finer size that nests in it
 * (minutes into hours into days, days into weeks and into months). Fixed sizes are counted from the epoch, so in a
 * zone whose UTC offsets are not multiples of one, it does not nest in days (`1h` with Asia/Kathmandu: base 15 min).
 *
 * @param unpublished further sizes that the tree contains hidden unless they are in `sizes`: the steps of rolling views
 * @param zone IANA name of the zone of calendar sizes; offsets before 1970 are ignored
 * @returns finer sizes first; the base is the first
 * @throws WindowingError bad-option, with every problem of the sizes
 */
export function rollUpPlan(
  sizes: readonly WindowSize[],
  zone = 'UTC',
  unpublished: readonly WindowSize[] = [],
): readonly PlannedSize[] {
  const shape = [...sizeShapeProblems('sizes', sizes), ...sizeShapeProblems('unpublished', unpublished)]
  if (shape.length > 0) throw new WindowingError('bad-option', shape.join(' '))
  const clocks = zone === 'UTC' ? undefined : zoneOf(zone)
  // The grain takes thousands of look-ups, so it is found only where fixed and calendar sizes meet.
  const asked = [...sizes, ...unpublished]
  const mixed = asked.some((size) => 'unit' in size) && asked.some((size) => !('unit' in size))
  const grid = new CalendarGrid(clocks === undefined || !mixed ? DAY : clocks.grain(), clocks === undefined)
  const problems = [...problemsOf(sizes, grid), ...unpublished.flatMap(sizeValueProblems)]
  if (problems.length > 0) throw new WindowingError('bad-option', problems.join(' '))
  const all = [...sizes]
  for (const size of [...unpublished, baseOf(asked, grid)]) {
    if (!all.some((other) => equal(other, size, grid))) all.push(size)
  }
  all.sort((a, b) => meanLength(a) - meanLength(b))
  const planned = all.map((size, index) => ({
    size,
    index,
    hidden: !sizes.includes(size),
    stands: asked.filter((other) => equal(other, size, grid)),
    coarser: [] as PlannedSize[],
    assigner: assignerOf(size, clocks),
  }))
  for (const to of planned.slice(1)) {
    const from = planned.slice(0, to.index).findLast((finer) => nests(finer.size, to.size, grid))
    from?.coarser.push(to)
  }
  return planned
}

/** The largest size that all the sizes nest in; one of theirs where they hold it. */
function baseOf(sizes: readonly WindowSize[], grid: CalendarGrid): WindowSize {
  const own = sizes.filter((size) => sizes.every((other) => nests(size, other, grid)))
  if (own.length > 0) return own.reduce((a, b) => (meanLength(b) > meanLength(a) ? b : a))
  // Weeks and months share nothing longer than a day.
  if (sizes.every((size) => 'unit' in size)) return { name: 'day', unit: 'day' }
  const fixed = sizes.map((size) => ('unit' in size ? { length: grid.step(size.unit), offset: 0 } : size))
  const first = fixed[0]!.offset ?? 0
  const length = fixed.reduce((common, size) => gcd(gcd(common, size.length), (size.offset ?? 0) - first), 0)
  return { name: `${length}ms`, length, offset: first % length }
}

function problemsOf(sizes: readonly WindowSize[], grid: CalendarGrid): string[] {
  const problems: string[] = []
  if (sizes.length === 0) problems.push('Expected at least one window size, found none; give one.')
  sizes.forEach((size, index) => {
    if (sizes.findIndex((other) => other.name === size.name) !== index) {
      problems.push(`Expected each size to have a name of its own, found "${size.name}" twice; rename one.`)
    } else if (sizes.findIndex((other) => equal(other, size, grid)) !== index) {
      problems.push(`Expected sizes to differ, found "${size.name}" equal to another; leave one out.`)
    }
    problems.push(...sizeValueProblems(size))
  })
  return problems
}
