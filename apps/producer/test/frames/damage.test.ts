import { describe, expect, test } from 'vitest'
import { malformedKinds } from '../../src/options/malformed-shares.js'
import { judge, recount } from '../model/recount.js'
import { runInMemory } from '../model/run-in-memory.js'

const model = { windows: [], groupField: 'video', maxLine: 4096 }

describe.each(malformedKinds)('the kind %s', (kind) => {
  test('is rejected for that reason and no other, in every form', async () => {
    const frames = kind === 'too-long' ? '100' : '3000'
    const raw = { frames, lineLength: '200', groups: '9', malformed: `${kind}=100`, maxLine: '4KiB' }
    const { bytes } = await runInMemory({ ...raw, flipProbability: '20', lateProbability: '20' })
    const { lines, blank, rejected } = recount(bytes, model)
    expect({ lines, blank, rejected }).toEqual({
      lines: Number(frames),
      blank: kind === 'blank' ? Number(frames) : 0,
      rejected: kind === 'blank' ? {} : { [kind]: Number(frames) },
    })
  })
})

test('a share of a hundred lines a kind comes out near its probability', async () => {
  const { truth } = await runInMemory({
    frames: '20000',
    lineLength: '64',
    malformed: 'not-json=10,bad-key=1,blank=5',
    truthWindows: '1d',
  })
  // Six standard deviations of a binomial count.
  expect(Math.abs(truth.rejected['not-json']! - 2000)).toBeLessThan(6 * Math.sqrt(20000 * 0.1 * 0.9))
  expect(Math.abs(truth.rejected['bad-key']! - 200)).toBeLessThan(6 * Math.sqrt(20000 * 0.01 * 0.99))
  expect(Math.abs(truth.blank - 1000)).toBeLessThan(6 * Math.sqrt(20000 * 0.05 * 0.95))
})

test('a percentage alone spreads over every kind but too-long', async () => {
  const { truth } = await runInMemory({ frames: '3000', lineLength: '64', malformed: '50', groups: '2' })
  const named = ['not-json', 'not-object', 'missing-time', 'bad-time', 'missing-key', 'bad-key', 'bad-group']
  expect(Object.keys(truth.rejected)).toEqual(named)
  expect(truth.blank).toBeGreaterThan(0)
})

test('a too-long line is a whole frame that a counter without the limit would count', async () => {
  const { bytes } = await runInMemory({
    frames: '20',
    lineLength: '200',
    malformed: 'too-long=100',
    maxLine: '1KiB',
  })
  for (const line of bytes.toString().trimEnd().split('\n')) {
    const bytesOver = Buffer.byteLength(line) - 1024
    expect(bytesOver).toBeGreaterThanOrEqual(1)
    expect(bytesOver).toBeLessThanOrEqual(64)
    expect(judge(Buffer.from(line), { ...model, maxLine: 1e6 })).toHaveProperty('user')
  }
})
