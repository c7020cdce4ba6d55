import { formatResult, type Result, resultKey, resultOrder } from '@card/results'
import { describe, expect, it, test } from 'vitest'
import { countInProcess } from './count-in-process.js'
import { stream } from './stream.js'

const { text } = stream({
  frames: 6_000,
  seed: 11,
  users: 900,
  groups: 12,
  latePerMille: 30,
  flippedPerMille: 3,
})
const input = Buffer.from(text)
const windows = ['1m', '5m', '1d', '3m/1m']
const common = ['--windows', '1m,5m,1d', '--rolling', '3m/1m', '--lateness', '1m']
const run = (...words: string[]) => countInProcess([...common, ...words], input, 4_000)

const isTotal = ({ total }: Result) => total === true
/** A total as the only row of its window would be. */
const alone = ({ total: _, ...result }: Result) => formatResult(result)

describe('a total is what a run without groups gives for the same window', () => {
  it.each([
    '--estimator auto --sketches',
    '--estimator auto --exact-limit 100',
    '--estimator exact',
    '--estimator linear --expected 1000',
    '--estimator linear --expected 20',
    '--estimator hll --precision 8 --sketches',
    '--estimator ull --precision 8',
    '--key none',
  ])('%s', (flags) => {
    const words = flags.split(' ')
    const grouped = run(...words, '--group-by', 'video', '--totals').results
    const ungrouped = run(...words).results
    expect(grouped.filter(isTotal).map(alone)).toEqual(ungrouped.map(alone))
    expect(grouped.filter((result) => !isTotal(result)).map(alone)).toEqual(
      run(...words, '--group-by', 'video').results.map(alone),
    )
  })
})

test('without groups it repeats the only row of each window', () => {
  const { results } = run('--totals')
  expect(results.filter(isTotal)).toHaveLength(results.length / 2)
  expect(results.filter(isTotal).map(alone)).toEqual(results.filter((row) => !isTotal(row)).map(alone))
})

test('frames in the overflow group count in it, frames rejected for their group do not', () => {
  const words = ['--group-by', 'video', '--totals', '--max-groups', '3']
  const other = run(...words)
  expect(other.results.some(({ group }) => group === '__other__')).toBe(true)
  expect(other.results.filter(isTotal).map(alone)).toEqual(run().results.map(alone))
  const reject = run(...words, '--group-overflow', 'reject')
  expect(reject.sums.rejected['too-many-groups']).toBeGreaterThan(0)
  const newest = new Map(reject.results.map((result) => [resultKey(result), result]))
  const days = [...newest.values()].filter(({ window }) => window === '1d')
  const sum = (rows: Result[]) => rows.reduce((events, row) => events + row.events, 0)
  expect(sum(days.filter(isTotal))).toBe(reject.sums.counted)
  expect(sum(days.filter((row) => !isTotal(row)))).toBe(reject.sums.counted)
})

test('each counts among the windows published, and comes after the groups of its window', () => {
  const { results, sums } = run('--group-by', 'video', '--totals')
  expect(sums.windows).toBe(new Set(results.map(resultKey)).size)
  const byWindow = (a: Result, b: Result) => a.pane === b.pane && a.window === b.window && a.end === b.end
  const order = resultOrder(windows)
  results.slice(1).forEach((result, i) => {
    if (byWindow(results[i]!, result)) expect(order(results[i]!, result)).toBeLessThan(0)
  })
})
