import { expect, test } from 'vitest'
import * as api from '../src/index.js'

test('the package exports exactly these values, so that none goes or comes unnoticed', () => {
  expect(Object.keys(api).sort()).toEqual([
    'CsvReader',
    'LatestResults',
    'ResultsError',
    'compareGroups',
    'confidence',
    'csvFormat',
    'estimators',
    'formatLocal',
    'formatResult',
    'formatUtc',
    'ndjsonFormat',
    'panes',
    'parseResult',
    'parseResultHeaders',
    'parseResultKey',
    'parseTime',
    'resultHeaders',
    'resultKey',
    'resultOrder',
  ])
})
