import { expect } from 'vitest'
import type { CountingOptions, WindowResult } from '../src/index.js'
import type { Deployment } from './deployment.js'

const minute = { name: '1m', length: 60_000 }
/** What is counted, with limits that few frames reach. */
export const options = (more: Partial<CountingOptions> = {}): CountingOptions => ({
  counter: { estimator: 'auto', exactLimit: 12, precision: 10 },
  windows: [minute, { name: '5m', length: 300_000 }],
  rolling: [{ name: '3m/1m', every: minute, count: 3 }],
  timezone: 'UTC',
  outOfOrder: 5_000,
  lateness: 0,
  maxAhead: Number.POSITIVE_INFINITY,
  maxGroups: Number.POSITIVE_INFINITY,
  groupOverflow: 'reject',
  totals: false,
  sketchPrecision: 10,
  // Small, so that a few users make a large state.
  parts: { whole: 3, part: 4 },
  ...more,
})

/** What a reader knows in the end: of each window and group the content of the highest revision, which never goes back. */
export function truth(deployment: Deployment) {
  const newest = new Map<string, WindowResult>()
  const finals = new Set<string>()
  for (const result of deployment.results) {
    const { window, start, group, total, revision } = result
    const key = JSON.stringify([window, start, group, total])
    expect(revision).toBe((newest.get(key)?.revision ?? -1) + 1)
    if (result.pane === 'final') expect(finals).not.toContain(key)
    if (result.pane === 'final') finals.add(key)
    newest.set(key, result)
  }
  const contents = [...newest].sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    contents: contents.map(([key, { events, count, estimator, sketch }]) => [
      key,
      events,
      count,
      estimator,
      sketch?.join(),
    ]),
    refused: deployment.refused
      .map(({ refusal, source, offset, line }) => `${source} ${offset} ${refusal} ${line}`)
      .sort(),
    sums: deployment.sums.counters,
    closed: deployment.sums.closed,
    windows: newest.size,
  }
}
