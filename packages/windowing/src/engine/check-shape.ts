import { isObject, shown, unknownNames } from '../checks.js'
import { WindowingError } from '../errors.js'
import { oneSizeShapeProblems, sizeShapeProblems } from '../time/check-sizes.js'

const optionNames = [
  ...[
    'sizes',
    'aggregate',
    'retention',
    'rolling',
    'zone',
    'partitions',
    'outOfOrderness',
    'allowedLateness',
  ],
  ...[
    'maxAhead',
    'horizon',
    'lateness',
    'corrections',
    'maxGroups',
    'overflowGroup',
    'trackChanges',
    'totals',
  ],
]
const aggregateMethods = ['create', 'merge', 'copy', 'save', 'load', 'measure']

/**
 * Catches what plain JavaScript lets through: refuses options of another shape, so that the code that reads them can rely on
 * their members.
 *
 * @param further names that are known besides those of the engine
 * @throws WindowingError bad-option, with every problem found
 */
export function expectOptionShape(owner: string, options: unknown, further: readonly string[] = []): void {
  const problems = isObject(options)
    ? [...unknownNames(owner, options, [...optionNames, ...further]), ...shapeProblems(options)]
    : [
        `Expected the options of ${owner} to be an object with sizes and an aggregate, found ${shown(options)}.`,
      ]
  if (problems.length > 0) throw new WindowingError('bad-option', problems.join(' '))
}

function shapeProblems(options: Record<string, unknown>): string[] {
  const { aggregate, zone, partitions, retention, rolling } = options
  const problems = sizeShapeProblems('sizes', options.sizes)
  const missing = aggregateMethods.filter((name) => typeof (aggregate as never)?.[name] !== 'function')
  if (missing.length > 0) {
    problems.push(
      `Expected the aggregate to have the functions ${aggregateMethods.join(', ')}, found none for ${missing.join(', ')}.`,
    )
  }
  const clear: unknown = (aggregate as { clear?: unknown } | undefined)?.clear
  if (clear !== undefined && typeof clear !== 'function') {
    problems.push(`Expected clear of the aggregate to be a function, found ${shown(clear)}.`)
  }
  if (zone !== undefined && typeof zone !== 'string') {
    problems.push(`Expected zone to be the IANA name of a time zone, found ${shown(zone)}.`)
  }
  if (partitions !== undefined && !Array.isArray(partitions)) {
    problems.push(`Expected partitions to be an array of whole numbers, found ${shown(partitions)}.`)
  }
  if (retention !== undefined && !isObject(retention)) {
    problems.push(
      `Expected retention to be an object of milliseconds by the name of a size, found ${shown(retention)}.`,
    )
  }
  if (rolling !== undefined) problems.push(...rollingProblems(rolling))
  return problems
}

function rollingProblems(rolling: unknown): string[] {
  if (!Array.isArray(rolling)) return [`Expected rolling to be an array of views, found ${shown(rolling)}.`]
  return rolling.flatMap((view, index) => {
    const name = `rolling[${index}]`
    if (!isObject(view))
      return [`Expected ${name} to be an object { name, every, count }, found ${shown(view)}.`]
    const problems = unknownNames(name, view, ['name', 'every', 'count'])
    if (typeof view.name !== 'string') {
      problems.push(`Expected the name of ${name} to be a string, found ${shown(view.name)}.`)
    }
    return [...problems, ...oneSizeShapeProblems(`${name}.every`, view.every)]
  })
}
