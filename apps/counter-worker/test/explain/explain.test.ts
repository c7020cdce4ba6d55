import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { temporaryFolder } from '@card/testing/temporary-folder'
import { describe, expect, test } from 'vitest'
import { disorderOf, roundedUp } from '../../src/explain/disorder.js'
import { evenShares } from '../../src/explain/even-shares.js'
import { collect, run, start } from '../program.js'

const newcomer = join(dirname(fileURLToPath(import.meta.url)), '..', 'fixtures', 'newcomer')
const folder = temporaryFolder('explain')
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

  test('of one frame far ahead, or far behind, says that it is left out, and advises as without it', async () => {
    const lines = Array.from({ length: 500 }, (_, i) => `{"uid":"u${i % 50}","ts":${at + i}}\n`)
    lines[100] = `{"uid":"u1","ts":${at + 100 + 1800}}\n`
    lines[200] = '{"uid":"u2","ts":0}\n'
    const { code, stdout } = await run(['explain'], lines.join(''))
    expect(code).toBe(0)
    expect(stdout).toContain('99.9 % 0 ms, at most 0 ms\n--out-of-order 0s covers 99.9 %\n')
    expect(stdout).toContain('1 frame far ahead of the frames that follow: left out of these figures\n')
    expect(stdout).toContain('1 frame more than a day behind: left out of these figures\n')
    expect(stdout).toContain('with the current settings, 498 of them would count and 2 would be late\n')
    expect(stdout).toContain('the settings fit\n')
    expect((await run([], lines.join(''))).stderr).toContain(
      'counted 498, rejected 0, late 2 (dropped 1, ahead 1)',
    )
  })

  test('counts no frame that would be late, and says how many are with the flags that it names', async () => {
    const lines = Array.from(
      { length: 2000 },
      (_, i) =>
        `{"uid":"u${i % 50}","ts":${at + i - (i % 100 === 99 ? 100 : 0) - (i === 1999 ? 1000 : 0)}}\n`,
    ).join('')
    const { stdout } = await run(['explain'], lines)
    const now = /with the current settings, ([\d,]+) of them would count and (\d+) would be late/.exec(
      stdout,
    )!
    const counted = await run([], lines)
    expect(counted.stderr).toContain(`counted ${now[1]}, rejected 0, late ${now[2]} (`)
    expect(stdout).toContain('try --out-of-order 2m: 1,999 of 2,000 would count and 1 would be late\n')
    const reordered = await run(['--out-of-order', '2m'], lines)
    expect(reordered.stderr).toContain('counted 1,999, rejected 0, late 1 (')
  })

  test.each([
    ['seconds', 's', at],
    ['milliseconds', 'ms', at * 1000],
  ])(
    'knows %s although the first frame has the time 0, and a unit that does not fit them',
    async (_, unit, first) => {
      const lines = `{"uid":"a","ts":0}\n${Array.from({ length: 50 }, (__, i) => `{"uid":"u${i}","ts":${first + i}}\n`).join('')}`
      for (const given of ['auto', unit]) {
        const { stdout } = await run(['explain', '--json', '--time-unit', given], lines)
        expect(JSON.parse(stdout)).toMatchObject({ flags: [], counted: 51 })
      }
      const wrong = unit === 's' ? 'ms' : 's'
      const { stdout } = await run(['explain', '--json', '--time-unit', wrong], lines)
      expect(JSON.parse(stdout)).toMatchObject({ flags: ['--time-unit auto'], countedWithFlags: 51 })
    },
  )

  test('at a signal explains what was read until then', async () => {
    const child = await start(['explain', '--json'])
    const ended = collect(child)
    const line = `{"uid":"a","ts":${at},"text":"${'x'.repeat(10_000)}"}\n`
    // Far more than a pipe holds: when the last of it is taken, most of it has been read.
    await new Promise((resolve) => child.stdin!.write(`${line.repeat(200)}{"uid":"cut`, resolve))
    child.kill('SIGINT')
    const { code, stdout } = await ended
    const { lines, counted } = JSON.parse(stdout)
    expect([code, counted]).toEqual([130, lines])
    expect(lines).toBeGreaterThan(100)
  })

  test('of a file that cannot be read to its end explains what stands before, and fails', async () => {
    const file = join(folder, 'cut.jsonl.gz')
    const lines = Array.from({ length: 2000 }, (_, i) => `{"uid":"u${i * 7919}","ts":${at + i}}\n`).join('')
    const packed = gzipSync(lines)
    writeFileSync(file, packed.subarray(0, packed.length - 100))
    const { code, stdout, stderr } = await run(['explain', file])
    expect([code, stdout]).toEqual([1, expect.stringMatching(/^looked at 1,\d+ lines of .*\(gzip\)\n/)])
    expect(stderr).toContain(`cannot read ${file}: `)
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
    const begin = Number.NEGATIVE_INFINITY
    const first = [
      { time: 1000, trusted: begin },
      { time: 2000, trusted: 1000 },
      { time: 1500, trusted: 2000 },
    ]
    expect(disorderOf([first, [{ time: 9000, trusted: begin }]])).toEqual({
      p50: 0,
      p90: 500,
      p99: 500,
      p999: 500,
      greatest: 500,
      behind: 0,
    })
    expect(disorderOf([])).toBe(null)
  })

  test('is known before there is a trusted time, and not made of one damaged time', () => {
    const unknown = Array.from({ length: 100 }, (_, i) => {
      const time = at * 1000 + (i % 10 === 9 ? i - 7 : i)
      return { time: i === 50 ? 4e12 : time, trusted: Number.NEGATIVE_INFINITY }
    })
    expect(disorderOf([unknown])).toMatchObject({ p50: 0, greatest: 6 })
  })

  test('leaves out what is more than a day behind, and says how many frames that were', () => {
    const frames = Array.from({ length: 10 }, (_, i) => ({ time: at * 1000 + i, trusted: at * 1000 + i - 1 }))
    frames[5]!.time = 0
    expect(disorderOf([frames])).toMatchObject({ greatest: 0, behind: 1 })
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

describe('the shares of partitions in a sample', () => {
  test.each([
    [[20_000, 20_000], 10_000, [5000, 5000]],
    [[20_000, 200, 0], 10_000, [9800, 200, 0]],
    [[Number.POSITIVE_INFINITY, 4, 100], 30, [13, 4, 13]],
    [[5, 5, 5], 2, [1, 1, 1]],
    [[], 10, []],
  ])('of lengths %j for %d lines are %j', (lengths, places, shares) => {
    expect(evenShares(lengths, places)).toEqual(shares)
  })
})
