import { quantity, withCommas } from '@card/app-kit'
import type { StreamSums } from '../truth/stream-sums.js'

export interface RunFacts {
  readonly frames: number
  readonly sums: StreamSums
  /** Distinct users; null when no truth was kept. */
  readonly users: number | null
  readonly seconds: number
  readonly interrupted: boolean
}

/** The closing lines of generate on stderr. */
export function summaryText({ frames, sums, users, seconds, interrupted }: RunFacts): string {
  const perSecond = rate(seconds)
  const rejected = Object.entries(sums.rejected)
  const rejectedLines = rejected.reduce((sum, [, lines]) => sum + lines, 0)
  const reasons = rejected.map(([reason, lines]) => `${reason} ${withCommas(lines)}`).join(', ')
  return [
    `${interrupted ? 'interrupted: ' : ''}${quantity(frames, 'frame')}, ${quantity(sums.lines, 'line')}, ` +
      `${quantity(sums.bytes, 'byte')} in ${seconds.toFixed(2)} s ` +
      `(${withCommas(perSecond(frames))} frames/s, ${withCommas(perSecond(sums.bytes) / 1e6)} MB/s)`,
    `to be counted ${withCommas(sums.counted)}${users === null ? '' : ` of ${quantity(users, 'user')}`}, ` +
      `blank ${withCommas(sums.blank)}, to be rejected ${withCommas(rejectedLines)}${reasons === '' ? '' : ` (${reasons})`}`,
    '',
  ].join('\n')
}

export interface ReplayFacts {
  readonly sent: number
  /** Of the records' values. */
  readonly bytes: number
  readonly blank: number
  readonly malformed: number
  readonly seconds: number
  readonly interrupted: boolean
}

/** The closing lines of replay on stderr. */
export function replaySummary({ sent, bytes, blank, malformed, seconds, interrupted }: ReplayFacts): string {
  const perSecond = rate(seconds)
  return [
    `${interrupted ? 'interrupted: ' : ''}${quantity(sent, 'record')}, ${quantity(bytes, 'byte')} in ` +
      `${seconds.toFixed(2)} s (${withCommas(perSecond(sent))} records/s, ${withCommas(perSecond(bytes) / 1e6)} MB/s)`,
    `malformed ${withCommas(malformed)} (sent without a key), blank ${withCommas(blank)} (skipped)`,
    '',
  ].join('\n')
}

function rate(seconds: number): (amount: number) => number {
  return (amount) => amount / Math.max(seconds, 1e-3)
}
