import { expect, test } from 'vitest'
import { countInProcess } from './count-in-process.js'
import { stream } from './stream.js'

const input = stream({
  frames: 20_000,
  seed: 9,
  rate: 20,
  groups: 5,
  latePerMille: 10,
  flippedPerMille: 2,
  malformedPerMille: 5,
})
const bytes = Buffer.from(input.text)

test.each([
  ['plain', ['--windows', '1m,1h', '--lateness', '20s']],
  [
    'groups beyond their cap, counted as others',
    ['--group-by', 'video', '--max-groups', '3', '--lateness', '1m'],
  ],
  [
    'groups beyond their cap, rejected',
    ['--group-by', 'video', '--max-groups', '3', '--group-overflow', 'reject'],
  ],
])('chunks from 1 byte to 1 MiB give the same results and the same refused lines: %s', (_, words) => {
  const whole = countInProcess(words, bytes, 1 << 20)
  expect(whole.results.length).toBeGreaterThan(15)
  expect(whole.refused.length).toBeGreaterThan(100)
  for (const size of [1, 7, 100, 4_096, 65_536]) expect(countInProcess(words, bytes, size)).toEqual(whole)
})
