import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Counted, countInProcess } from '../count-in-process.js'
import { stream } from '../stream.js'
import { countOnThreads } from './count-on-threads.js'

const anyStream = fc.record({
  frames: fc.integer({ min: 1, max: 2000 }),
  seed: fc.nat(1_000_000),
  rate: fc.constantFrom(5, 50),
  groups: fc.constantFrom(0, 3, 5000),
  latePerMille: fc.constantFrom(0, 20),
  flippedPerMille: fc.constantFrom(0, 5),
  malformedPerMille: fc.constantFrom(0, 20, 300),
})

const anyWords = fc.constantFrom<string[]>(
  ['--windows', '1m,1h', '--lateness', '20s'],
  ['--windows', '10s,1m', '--estimator', 'exact', '--group-by', 'video', '--max-groups', '3'],
  ['--windows', '1m', '--group-by', 'video', '--max-groups', '3', '--group-overflow', 'reject'],
  // So many groups that ids are freed and given to others while blocks wait.
  ['--windows', '1s', '--group-by', 'video', '--estimator', 'hll', '--precision', '4'],
  ['--windows', '1m', '--max-line', '64', '--json', 'trusted'],
)

const anyRun = fc.record({
  threads: fc.integer({ min: 1, max: 4 }),
  chunkSize: fc.constantFrom(1_000, 7_001, 65_536),
  leastBlock: fc.constantFrom(1, 300, 20_000),
})

test('any number of threads gives the same results, refused lines and sums as none, whatever the blocks', async () => {
  await fc.assert(
    fc.asyncProperty(anyStream, anyWords, anyRun, async (options, words, run) => {
      const input = Buffer.from(stream(options).text)
      const expected = countInProcess(words, input, 1 << 20)
      expect(await countOnThreads(words, [input], run)).toEqual(expected)
    }),
    { numRuns: 80 },
  )
})

test('a small input split at every byte, as chunks and as two inputs, gives the same for every number of threads', async () => {
  const mark = '\ufeff'
  const text = `${mark}{"uid":"a","ts":1468244400,"video":"x"}\r\n\n{"uid":"é","ts":1468244401}\n{"uid":"c","ts":1468244`
  const input = Buffer.from(text)
  const words = ['--group-by', 'video', '--max-line', '64', '--late-file', 'none']
  for (let at = 0; at <= input.length; at++) {
    const parts = [input.subarray(0, at), input.subarray(at)]
    const run = { chunkSize: 64, leastBlock: 1 }
    const inOne = await countOnThreads(words, [input], { ...run, threads: 2, chunkSize: Math.max(1, at) })
    expect(inOne).toEqual(countInProcess(words, input, 1000))
    const results: Counted[] = []
    for (const threads of [1, 2]) results.push(await countOnThreads(words, parts, { ...run, threads }))
    expect(results[1]).toEqual(results[0])
  }
})

test('ids of groups are freed while blocks are scanned: a stream of ever new groups keeps its numbers', async () => {
  const lines = Array.from({ length: 60_000 }, (_, i) => {
    const second = 1_468_244_400 + Math.floor(i / 50)
    return `{"uid":"u${i % 97}","ts":${second},"video":"v${i >> 1}"}\n`
  })
  const input = Buffer.from(lines.join(''))
  const words = ['--windows', '10s', '--group-by', 'video']
  const run = { threads: 3, chunkSize: 30_000, leastBlock: 10_000 }
  const counted = await countOnThreads(words, [input], run)
  expect(counted.results.length).toBeGreaterThan(25_000)
  expect(counted).toEqual(countInProcess(words, input, 1 << 20))
})
