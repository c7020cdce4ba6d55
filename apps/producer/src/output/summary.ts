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
  const reasons = rejected.map(([reason, lines]) => `${reason} ${number(lines)}`).join(', ')
  return [
    `${interrupted ? 'interrupted: ' : ''}${number(frames)} frames, ${number(sums.lines)} lines, ` +
      `${number(sums.bytes)} bytes in ${seconds.toFixed(2)} s ` +
      `(${number(perSecond(frames))} frames/s, ${number(perSecond(sums.bytes) / 1e6)} MB/s)`,
    `to be counted ${number(sums.counted)}${users === null ? '' : ` of ${number(users)} users`}, ` +
      `blank ${number(sums.blank)}, to be rejected ${number(rejectedLines)}${reasons === '' ? '' : ` (${reasons})`}`,
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
    `${interrupted ? 'interrupted: ' : ''}${number(sent)} records, ${number(bytes)} bytes in ` +
      `${seconds.toFixed(2)} s (${number(perSecond(sent))} records/s, ${number(perSecond(bytes) / 1e6)} MB/s)`,
    `malformed ${number(malformed)} (sent without a key), blank ${number(blank)} (skipped)`,
    '',
  ].join('\n')
}

function rate(seconds: number): (amount: number) => number {
  return (amount) => amount / Math.max(seconds, 1e-3)
}

function number(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}
