import { shown } from '../checks.js'
import { WindowingError } from '../errors.js'
import type { RollingView } from '../rolling/rolling-view.js'
import type { Aggregate } from '../store/aggregate.js'
import { totalGroup } from '../store/total-group.js'
import type { WindowSize } from '../time/size.js'
import { expectOptionShape } from './check-shape.js'

/** Settings of {@link WindowEngine}. */
export interface WindowEngineOptions<S> {
  /** the sizes to publish; coarser ones are unions of finer ones */
  readonly sizes: readonly WindowSize[]
  /** what windows hold */
  readonly aggregate: Aggregate<S>
  /** ms of event time to keep windows of a size (by name) after their end, not below `allowedLateness`; see `takeExpired`. Default: forever */
  readonly retention?: Readonly<Record<string, number>>
  /** views over the last windows of a size, at the end of each; default none */
  readonly rolling?: readonly RollingView[]
  /** IANA name of the time zone of calendar sizes; default 'UTC' */
  readonly zone?: string
  /** ids of the partitions known from the start; each holds the combined watermark until its first event. Default `[0]` */
  readonly partitions?: readonly number[]
  /** ms an event may be older than the newest of its partition without being late, from 0; default 0. Infinity: events move no watermark and wake no partition, only `observe` does */
  readonly outOfOrderness?: number
  /** ms of watermark after a window's end in which late events still correct it, from 0 or Infinity; default 0 */
  readonly allowedLateness?: number
  /** ms past the trusted time of its partition up to which an event moves it, not below `outOfOrderness`; Infinity: no far-future guard, the default */
  readonly maxAhead?: number
  /** ms past the trusted time beyond which events are held until others corroborate them, not below `maxAhead`. Default: the greatest of 10 minutes, 10 base windows and `maxAhead` */
  readonly horizon?: number
  /** whose watermark judges lateness: the event's own partition's (the default: independent of interleaving) or the combined one, as Flink does */
  readonly lateness?: 'partition' | 'combined'
  /** when a fired window comes out again: once when the watermark next passes a base window's end (the default), or at each event, as in Flink */
  readonly corrections?: 'base-window' | 'event'
  /** most groups that open base windows may use at once; the null group (0) never counts. Default Infinity */
  readonly maxGroups?: number
  /** whether `changes` can be asked for; default false */
  readonly trackChanges?: boolean
  /** what happens to events of groups beyond the limit: they count in this group (which does not count against the limit), or `reject`, the default */
  readonly overflowGroup?: number | 'reject'
  /** every window has one more cell, of `totalGroup`, that takes the events of all its groups; it never counts against `maxGroups`. Default false */
  readonly totals?: boolean
}

/** The options with their defaults; the default of the horizon depends on the base window. */
export type CheckedOptions<S> = Required<Omit<WindowEngineOptions<S>, 'horizon'>> &
  Pick<WindowEngineOptions<S>, 'horizon'>

/** @throws WindowingError bad-option, with every problem found */
export function checkedOptions<S>(options: WindowEngineOptions<S>): CheckedOptions<S> {
  expectOptionShape('WindowEngine', options)
  // An option that is present but undefined counts as absent.
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  const all = {
    retention: {},
    rolling: [],
    zone: 'UTC',
    partitions: [0],
    outOfOrderness: 0,
    allowedLateness: 0,
    maxAhead: Number.POSITIVE_INFINITY,
    lateness: 'partition' as const,
    corrections: 'base-window' as const,
    maxGroups: Number.POSITIVE_INFINITY,
    overflowGroup: 'reject' as const,
    trackChanges: false,
    totals: false,
    ...(given as unknown as typeof options),
  } as CheckedOptions<S>
  const problems: string[] = []
  const expectMs = (name: string, value: number, infinite: boolean) => {
    if ((Number.isSafeInteger(value) && value >= 0) || (infinite && value === Number.POSITIVE_INFINITY))
      return
    problems.push(
      `Expected ${name} in whole milliseconds from 0${infinite ? ' or Infinity' : ''}, found ${shown(value)}.`,
    )
  }
  expectMs('outOfOrderness', all.outOfOrderness, true)
  expectMs('allowedLateness', all.allowedLateness, true)
  expectMs('maxAhead', all.maxAhead, true)
  if (all.maxAhead < all.outOfOrderness) {
    problems.push(
      `Expected maxAhead not below outOfOrderness (${all.outOfOrderness}), found ${all.maxAhead}; raise it.`,
    )
  }
  if (all.horizon !== undefined) {
    expectMs('horizon', all.horizon, true)
    if (all.horizon < all.maxAhead) {
      problems.push(`Expected horizon not below maxAhead (${all.maxAhead}), found ${all.horizon}; raise it.`)
    }
  }
  if (
    all.maxGroups !== Number.POSITIVE_INFINITY &&
    !(Number.isSafeInteger(all.maxGroups) && all.maxGroups >= 1)
  ) {
    problems.push(
      `Expected maxGroups to be a whole number from 1 or Infinity, found ${shown(all.maxGroups)}.`,
    )
  }
  if (typeof all.trackChanges !== 'boolean') {
    problems.push(`Expected trackChanges to be true or false, found ${shown(all.trackChanges)}.`)
  }
  if (typeof all.totals !== 'boolean')
    problems.push(`Expected totals to be true or false, found ${shown(all.totals)}.`)
  const { overflowGroup } = all
  if (
    overflowGroup !== 'reject' &&
    !(overflowGroup >>> 0 === overflowGroup && overflowGroup > 0 && overflowGroup < totalGroup)
  ) {
    problems.push(
      `Expected overflowGroup to be the id of a group, from 1 to ${totalGroup - 1}, or "reject", found ${shown(overflowGroup)}.`,
    )
  }
  const expectOne = (name: string, value: string, known: readonly string[]) => {
    if (!known.includes(value))
      problems.push(`Expected ${name} to be one of ${known}, found ${shown(value)}.`)
  }
  expectOne('lateness', all.lateness, ['partition', 'combined'])
  expectOne('corrections', all.corrections, ['base-window', 'event'])
  for (const partition of all.partitions) {
    if (!Number.isSafeInteger(partition)) {
      problems.push(`Expected partitions to be whole numbers, found ${shown(partition)}.`)
    }
  }
  for (const [name, retention] of Object.entries(all.retention)) {
    expectMs(`the retention of "${name}"`, retention, false)
    if (!all.sizes.some((size) => size.name === name)) {
      problems.push(
        `Expected retention of a size, found "${name}"; name one of ${all.sizes.map((size) => size.name)}.`,
      )
    } else if (retention < all.allowedLateness) {
      problems.push(
        `Expected the retention of "${name}" not below allowedLateness (${all.allowedLateness}), found ${retention}.`,
      )
    }
  }
  for (const { name, count } of all.rolling) {
    if (!Number.isSafeInteger(count) || count < 2) {
      problems.push(
        `Expected the count of rolling view "${name}" to be a whole number from 2, found ${shown(count)}.`,
      )
    }
    if ([...all.sizes, ...all.rolling].filter((other) => other.name === name).length > 1) {
      problems.push(`Expected rolling views to have names of their own, found "${name}" twice; rename one.`)
    }
  }
  if (problems.length > 0) throw new WindowingError('bad-option', problems.join(' '))
  return all
}
