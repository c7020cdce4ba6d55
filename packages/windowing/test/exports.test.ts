import { expect, test } from 'vitest'
import * as api from '../src/index.js'

test('the package exports exactly these values, so that none goes or comes unnoticed', () => {
  expect(Object.keys(api).sort()).toEqual([
    'Outcome',
    'RowWindows',
    'Source',
    'Watermarks',
    'WindowEngine',
    'WindowingError',
    'assignerOf',
    'kafkaStreamsOptions',
    'outcomeNames',
    'rollUpPlan',
    'totalGroup',
    'zoneOffset',
  ])
})
