import { expect, test } from 'vitest'
import type { OptionValues } from '../../src/settings/option-table.js'
import { countedBy } from '../../src/state/counted-by.js'
import { counting } from './owners.js'

const values = {
  key: 'uid',
  time: 'ts',
  'time-unit': 'auto',
  'group-by': null,
  totals: false,
} as OptionValues
const auto = (exactLimit: number, precision = 14) =>
  ({ counter: { estimator: 'auto', exactLimit, precision } }) as const
const minute = { name: '1m', length: 60_000 }
const usual = countedBy(values, counting(auto(65_536)))

test('what may change at a restart is no part of it: lateness, caps and the exact limit', () => {
  const changed = counting({ ...auto(100), lateness: 5, maxGroups: 7, outOfOrder: 1 })
  expect(countedBy(values, changed)).toBe(usual)
})

test('what no state can be gone on with is', () => {
  const others = [
    countedBy({ ...values, key: 'id' }, counting(auto(65_536))),
    countedBy({ ...values, time: 't' }, counting(auto(65_536))),
    countedBy({ ...values, 'group-by': 'video' }, counting(auto(65_536))),
    countedBy({ ...values, totals: true }, counting(auto(65_536))),
    countedBy(values, counting(auto(65_536, 12))),
    countedBy(values, counting({ counter: { estimator: 'exact' } })),
    countedBy(values, counting({ ...auto(65_536), timezone: 'Europe/Berlin' })),
    countedBy(values, counting({ ...auto(65_536), windows: [{ name: '5s', length: 5_000 }] })),
    countedBy(values, counting({ ...auto(65_536), windows: [minute, { name: '7m', length: 420_000 }] })),
  ]
  expect(new Set([usual, ...others]).size).toBe(1 + others.length)
})
