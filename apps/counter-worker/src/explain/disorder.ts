/** How far behind the latest time before them frames came, in ms. */
export interface Disorder {
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly p999: number
  readonly greatest: number
}

/** A time that the next frames do not come near is taken for a damaged one. */
const confirmedWithin = 10
const nearness = 3_600_000

/**
 * The disorder of frames in the order of their logs; times far ahead that nothing confirms move nothing.
 *
 * @param partitions the times of each, ms
 * @returns null: there is no frame
 */
export function disorderOf(partitions: readonly (readonly number[])[]): Disorder | null {
  const delays = partitions.flatMap(delaysOf).sort((a, b) => a - b)
  if (delays.length === 0) return null
  const at = (share: number) => delays[Math.max(0, Math.ceil(share * delays.length) - 1)]!
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), greatest: delays.at(-1)! }
}

function delaysOf(times: readonly number[]): number[] {
  let latest = Number.NEGATIVE_INFINITY
  return times.map((time, i) => {
    const delay = Math.max(0, latest - time)
    if (time > latest && isConfirmed(times, i, latest)) latest = time
    return Number.isFinite(delay) ? delay : 0
  })
}

function isConfirmed(times: readonly number[], at: number, latest: number): boolean {
  const time = times[at]!
  if (time - latest <= nearness) return true
  const next = times.slice(at + 1, at + 1 + confirmedWithin)
  return next.length === 0
    ? latest === Number.NEGATIVE_INFINITY
    : next.some((other) => other >= time - nearness)
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
const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** The least round duration that is not shorter than these ms, as `--out-of-order` takes it. */
export function roundedUp(milliseconds: number): string {
  const millisecondsOf = (text: string) => Number(text.slice(0, -1)) * units[text.slice(-1) as 's']
  return steps.find((text) => millisecondsOf(text) >= milliseconds) ?? `${Math.ceil(milliseconds / units.d)}d`
}
