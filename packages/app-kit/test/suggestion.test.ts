import { expect, test } from 'vitest'
import { didYouMean, nearest } from '../src/options/suggestion.js'

test('the nearest name is suggested, not the first that is near', () => {
  expect(nearest('--lateness', ['--latenesses', '--late-ness'])).toBe('--late-ness')
  expect(nearest('cnofig', ['count', 'config'])).toBe('config')
  expect(nearest('genrate', ['replay', 'generate'])).toBe('generate')
})

test('nothing is suggested for a name that is far from all, or for one as short as the edits', () => {
  expect(nearest('nothing', ['config', 'explain'])).toBeNull()
  expect(nearest('x', ['s', 'ms', 'us'])).toBeNull()
  expect(didYouMean('never', ['auto'])).toBe('')
})

test('a suggestion stands in brackets behind a sentence', () => {
  expect(didYouMean('windwos', ['windows'])).toBe(' (did you mean "windows"?)')
})
