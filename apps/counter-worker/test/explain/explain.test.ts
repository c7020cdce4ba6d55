import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { disorderOf, roundedUp } from '../../src/explain/disorder.js'
import { run } from '../program.js'

const newcomer = join(dirname(fileURLToPath(import.meta.url)), '..', 'fixtures', 'newcomer')
const folder = mkdtempSync(join(tmpdir(), 'card-explain-'))
const at = 1_468_244_384

describe('counter-worker explain', () => {
  test('of frames that do not fit names the flags with which a run counts them', async () => {
    const file = join(newcomer, 'nested.jsonl')
    const { code, stdout } = await run(['explain', file, '--json'])
    const found = JSON.parse(stdout)
    expect([code, found.counted, found.countedWithFlags, found.distinctKeys]).toEqual([0, 0, 40, 7])
    expect([found.likelyKeys, found.likelyTimes]).toEqual([['user.id'], ['event.time']])
    expect([found.from, found.to]).toEqual(['2016-07-11T13:39:44.000Z', '2016-07-11T13:41:41.000Z'])
    const counted = await run([file, ...found.flags.flatMap((flag: string) => flag.split(' '))])
    expect(counted.stderr).toContain('counted 40')
  })

  test('of late frames names the --out-of-order that covers 99.9 % of them', async () => {
    // One in a hundred is 40 s late.
    const lines = Array.from(
      { length: 5000 },
      (_, i) => `{"uid":"u${i % 50}","ts":${at + i - (i % 100 === 99 ? 40 : 0)}}\n`,
    )
    const file = join(folder, 'late.jsonl.gz')
    writeFileSync(file, gzipSync(lines.join('')))
    const { code, stdout } = await run(['explain', file])
    expect(code).toBe(0)
    expect(stdout).toContain(`looked at 5,000 lines of ${file} (gzip)`)
    expect(stdout).toContain('99 % 0 ms, 99.9 % 39.0 s, at most 39.0 s')
    expect(stdout).toContain('distinct keys: 50')
    expect(stdout).toContain('try --out-of-order 1m: 5,000 of 5,000 would count')
    expect((await run([file, '--out-of-order', '1m'])).stderr).toContain('counted 5,000')
  })

  test('looks at no more than 10,000 lines, however long the input goes on', async () => {
    const line = `{"uid":"a","ts":${at}}\n`
    const { code, stdout } = await run(['explain', '--json'], line.repeat(30_000))
    expect([code, JSON.parse(stdout).lines]).toEqual([0, 10_000])
  })

  test('of what is no JSON lines exits with 65 and gives the command that helps; a binary file exits with 1', async () => {
    const csv = await run(['explain', join(newcomer, 'likes.csv')])
    expect([csv.code, csv.stdout]).toEqual([65, expect.stringContaining('try: mlr --icsv --ojsonl cat')])
    const wide = join(folder, 'wide.jsonl')
    writeFileSync(wide, Buffer.from(`{"uid":"a","ts":${at}}\n`, 'utf16le'))
    expect((await run(['explain', wide])).code).toBe(1)
    expect((await run(['explain'])).code).toBe(65)
  })

  test('has a manual of its own, in which --json takes no value', async () => {
    const { code, stdout } = await run(['explain', '--help'])
    expect([code, stdout]).toEqual([0, expect.stringMatching(/--json {2,}print one JSON object/)])
    expect((await run(['explain', '--jsn'])).code).toBe(64)
  })
})

describe('the disorder of frames', () => {
  test('is how far each is behind the latest before it, in its own partition', () => {
    expect(disorderOf([[1000, 2000, 1500], [9000]])).toEqual({
      p50: 0,
      p90: 500,
      p99: 500,
      p999: 500,
      greatest: 500,
    })
    expect(disorderOf([])).toBe(null)
  })

  test('is not made of one damaged time', () => {
    const times = Array.from({ length: 100 }, (_, i) => at * 1000 + i)
    times[50] = 4e12
    expect(disorderOf([times])).toMatchObject({ greatest: 0 })
  })

  test.each([
    [0, '0s'],
    [1, '1s'],
    [5000, '5s'],
    [5001, '10s'],
    [86_400_001, '2d'],
  ])('%d ms are covered by %s', (milliseconds, text) => {
    expect(roundedUp(milliseconds)).toBe(text)
  })
})
