import { type RollingView, rollUpPlan, type WindowSize } from '@card/windowing'
import type { PartLimits } from './state/growth.js'
import type { CounterOptions } from './state/window-state.js'

/** What is counted, and over which windows. */
export interface CountingOptions {
  readonly counter: CounterOptions
  readonly windows: readonly WindowSize[]
  /** Unions of the last windows of a size. */
  readonly rolling: readonly RollingView[]
  /** IANA name, of the calendar sizes. */
  readonly timezone: string
  /** ms */
  readonly outOfOrder: number
  /** ms */
  readonly lateness: number
  /** ms, not below `outOfOrder`; Infinity: no far-future guard */
  readonly maxAhead: number
  /** Most groups that the open windows of a partition may use at once; Infinity: no limit. */
  readonly maxGroups: number
  /** What becomes of frames of further groups. */
  readonly groupOverflow: 'other' | 'reject'
  /** One more result of each window, which counts all its groups together. */
  readonly totals: boolean
  /** Give each result the canonical HLL_8 image of this precision; null: none. */
  readonly sketchPrecision: number | null
  /** Whether changes can be asked for, so that the state can be saved as it grows. Default false. */
  readonly durable?: boolean
  /** Fingerprints: exact states of more than `whole` are saved and sent in parts of up to `part`. Default 2,048 and 32,768. */
  readonly parts?: PartLimits
}

/** The windows that take frames, which all others are unions of. */
export function baseOf({ windows, rolling, timezone }: CountingOptions): WindowSize {
  return rollUpPlan(
    windows,
    timezone,
    rolling.map(({ every }) => every),
  )[0]!.size
}

const day = 86_400_000

/** ms of the base windows; of calendar sizes that of the shortest, a day */
export function baseLength(options: CountingOptions): number {
  const base = baseOf(options)
  return 'length' in base ? base.length : day
}
