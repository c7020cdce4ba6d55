import { duration } from '@card/app-kit'
import type { TimedFrame } from './replay.js'

/** How far behind the latest trusted time before them frames came, in ms. */
export interface Disorder {
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly p999: number
  readonly greatest: number
  /** Frames further behind than a day, which are left out: damaged times, or the past read once more. */
  readonly behind: number
}

/** Before there is a trusted time, a time further ahead of the middle one is taken for damaged. */
const horizon = 600_000

/**
 * The disorder of frames in the order of their logs, by the time that the watermark follows: a damaged time far ahead
 * makes no other frame seem late.
 *
 * @returns null: there is no frame
 */
export function disorderOf(partitions: readonly (readonly TimedFrame[])[]): Disorder | null {
  const all = partitions.flatMap(delaysOf).sort((a, b) => a - b)
  const delays = all.filter((delay) => delay <= day)
  if (delays.length === 0) return null
  const at = (share: number) => delays[Math.max(0, Math.ceil(share * delays.length) - 1)]!
  return {
    p50: at(0.5),
    p90: at(0.9),
    p99: at(0.99),
    p999: at(0.999),
    greatest: delays.at(-1)!,
    behind: all.length - delays.length,
  }
}

/** No frame is late before there is a trusted time; but the next thousand frames will look like these. */
function delaysOf(frames: readonly TimedFrame[]): number[] {
  const sorted = frames.map(({ time }) => time).sort((a, b) => a - b)
  const latestLikely = sorted[(sorted.length - 1) >> 1]! + horizon
  let latest = Number.NEGATIVE_INFINITY
  return frames.map(({ time, trusted }) => {
    const before = trusted === Number.NEGATIVE_INFINITY ? latest : trusted
    if (time <= latestLikely) latest = Math.max(latest, time)
    return Number.isFinite(before) ? Math.max(0, before - time) : 0
  })
}

const steps = [
  '0s',
  '1s',
  '2s',
  '5s',
  '10s',
  '30s',
  '1m',
  '2m',
  '5m',
  '10m',
  '30m',
  '1h',
  '2h',
  '6h',
  '12h',
  '1d',
]
const milliseconds = duration()
const day = milliseconds('1d')

/** The least round duration that is not shorter than these ms, as `--out-of-order` takes it. */
export function roundedUp(least: number): string {
  return steps.find((text) => milliseconds(text) >= least) ?? `${Math.ceil(least / day)}d`
}
