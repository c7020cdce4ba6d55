import { expect, test } from 'vitest'
import { quantity, withCommas } from '../../src/index.js'

test.each([
  [0, '0 lines'],
  [1, '1 line'],
  [2, '2 lines'],
  [999, '999 lines'],
  [1000, '1,000 lines'],
  [1_234_567, '1,234,567 lines'],
])('%d is written as %s', (count, text) => {
  expect(quantity(count, 'line')).toBe(text)
})

test('a plural of its own is taken, and numbers are rounded', () => {
  expect([quantity(1, 'entry', 'entries'), quantity(2, 'entry', 'entries')]).toEqual(['1 entry', '2 entries'])
  expect(withCommas(1999.6)).toBe('2,000')
})
