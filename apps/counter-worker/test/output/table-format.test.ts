import type { Result } from '@card/results'
import { expect, it, test } from 'vitest'
import { tableFormat } from '../../src/output/table-format.js'

const result: Result = {
  window: '1m',
  start: Date.UTC(2016, 6, 11, 13, 39),
  end: Date.UTC(2016, 6, 11, 13, 40),
  group: null,
  count: 16193,
  lower: 16193,
  upper: 16193,
  estimator: 'exact',
  events: 20480,
  pane: 'final',
  revision: 0,
}
const table = tableFormat({ windows: ['1m', '30d/1d'], offsetAt: undefined })

test('columns are aligned below their names, the group last', () => {
  const rows = [
    table.header,
    table.line(result),
    table.line({ ...result, window: '30d/1d', upper: null, pane: 'corrected', revision: 12, group: 'v1' }),
    table.line({ ...result, total: true }),
  ]
  expect(rows.join('')).toBe(
    `window  start (UTC)          end (UTC)                count      lower      upper     events  estimator  pane       revision  group
1m      2016-07-11 13:39:00  2016-07-11 13:40:00      16193      16193      16193      20480  exact      final             0  (null)
30d/1d  2016-07-11 13:39:00  2016-07-11 13:40:00      16193      16193          -      20480  exact      corrected        12  v1
1m      2016-07-11 13:39:00  2016-07-11 13:40:00      16193      16193      16193      20480  exact      final             0  (total)
`,
  )
})

test('local times have the offset of their instant, and fractions of a second are shown where there are any', () => {
  const local = tableFormat({
    windows: ['1m'],
    offsetAt: (time) => (time < result.end ? 7_200_000 : 3_600_000),
  })
  expect(local.line(result)).toContain('2016-07-11 15:39:00 +02:00  2016-07-11 14:40:00 +01:00 ')
  expect(table.line({ ...result, end: result.end + 500 })).toContain('  2016-07-11 13:40:00.500 ')
})

it.each([
  ['plain', 'plain'],
  ['Ünïcode 7', 'Ünïcode 7'],
  ['a"b', 'a"b'],
  ['', '""'],
  ['"quoted"', '"\\"quoted\\""'],
  ['(null)', '"(null)"'],
  ['(total)', '"(total)"'],
  [' padded ', '" padded "'],
  ['a\nb\tc', '"a\\nb\\tc"'],
  ['\u001b[2J', '"\\u001b[2J"'],
  ['\u007f\u0085\u009b2J', '"\\u007f\\u0085\\u009b2J"'],
  ['\u202egnirts', '"\\u202egnirts"'],
  ['\u2028', '"\\u2028"'],
  ['\u{e0001}', '"\\udb40\\udc01"'],
  ['\ud800', '"\\ud800"'],
])('the group %j is shown as %s, on one line and like no other', (group, shown) => {
  expect(table.line({ ...result, group }).endsWith(`  ${shown}\n`)).toBe(true)
})
