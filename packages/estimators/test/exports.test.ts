import { expect, test } from 'vitest'
import * as api from '../src/index.js'

test('the package exports exactly these values, so that none goes or comes unnoticed', () => {
  expect(Object.keys(api).sort()).toEqual([
    'AdaptiveCounter',
    'EstimatorError',
    'ExactCounter',
    'HllUnion',
    'HyperLogLog',
    'LinearCounting',
    'UltraLogLog',
    'addKeys',
    'murmur3x64128',
    'murmur3x8632',
    'recommend',
  ])
})
