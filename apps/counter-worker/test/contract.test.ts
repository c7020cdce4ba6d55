import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '@card/testing/temporary-folder'
import { describe, expect, test } from 'vitest'
import { type ModelResult, model } from './model.js'
import { parseLines, run } from './program.js'
import { stream } from './stream.js'

const folder = temporaryFolder('contract')
const minute = 60_000

interface Line {
  readonly window: string
  readonly start: string
  readonly end: string
  readonly group: string | null
  readonly count: number
  readonly lower: number
  readonly upper: number
  readonly estimator: string
  readonly events: number
  readonly pane: 'final' | 'corrected'
  readonly revision: number
}

/** A printed line as the model writes its results. */
function asResult({ window, start, group, count, events, pane, revision }: Line): ModelResult {
  return { window, start: Date.parse(start), group, users: count, events, pane, revision }
}

function summaryOf(path: string) {
  return JSON.parse(readFileSync(path, 'utf8'))
}

describe('the program equals the plain model', () => {
  const defaults = { outOfOrder: 5_000, lateness: 0, maxAhead: 5_000 }
  test('with default flags, on a stream with late, flipped and malformed frames', async () => {
    const input = stream({
      frames: 30_000,
      seed: 1,
      latePerMille: 5,
      flippedPerMille: 2,
      malformedPerMille: 10,
    })
    const summary = join(folder, 'defaults.json')
    const { code, stdout } = await run(['--summary', summary], input.text)
    const expected = model(input.frames, { ...defaults, sizes: [['1m', minute]] })
    expect(code).toBe(0)
    expect(parseLines<Line>(stdout).map(asResult)).toEqual(expected.results)
    const ahead = expected.late.filter(({ action }) => action === 'ahead').length
    const dropped = expected.late.length - ahead
    // The stream is one in which each of these happens.
    expect(Math.min(ahead, dropped, input.blank)).toBeGreaterThan(0)
    expect(summaryOf(summary)).toEqual({
      lines: input.lines,
      bytes: Buffer.byteLength(input.text),
      blank: input.blank,
      counted: expected.counted,
      rejected: input.rejected,
      late: { dropped, ahead },
      unfinished: 0,
      fallbacks: 0,
      windows: expected.results.length,
    })
  })

  test.each([
    ['corrections within the lateness', 2, { lateness: 90_000 }],
    ['a narrow out-of-orderness', 3, { outOfOrder: 0, lateness: 20_000 }],
    ['a wide far-future guard', 4, { maxAhead: 3_600_000, lateness: 30_000 }],
    ['no far-future guard', 5, { maxAhead: Number.POSITIVE_INFINITY, lateness: 120_000 }],
  ])('with minute, hour, day and week, groups, and %s', async (_, seed, changes) => {
    const options = { ...defaults, ...changes }
    const input = stream({ frames: 12_000, seed, rate: 3, groups: 4, latePerMille: 20, flippedPerMille: 2 })
    const { code, stdout } = await run(
      [
        ...['--windows', '1m,5m,1h,1d,1w', '--group-by', 'video', '--estimator', 'exact'],
        ...['--out-of-order', `${options.outOfOrder}ms`, '--lateness', `${options.lateness}ms`],
        ...['--max-ahead', Number.isFinite(options.maxAhead) ? `${options.maxAhead}ms` : 'off'],
      ],
      input.text,
    )
    const monday = 4 * 86_400_000
    const expected = model(input.frames, {
      ...options,
      sizes: [
        ['1m', minute],
        ['5m', 5 * minute],
        ['1h', 60 * minute],
        ['1d', 1440 * minute],
        ['1w', 7 * 1440 * minute, monday],
      ],
    })
    expect(code).toBe(0)
    expect(parseLines<Line>(stdout).map(asResult)).toEqual(expected.results)
  })

  test('a base that nobody asked for is not printed, yet decides what is late', async () => {
    const input = stream({ frames: 8_000, seed: 6, rate: 5, latePerMille: 20 })
    const { stdout } = await run(['--windows', '7m,1h', '--estimator', 'exact'], input.text)
    const sizes = [['hidden', minute] as const, ['7m', 7 * minute] as const, ['1h', 60 * minute] as const]
    const expected = model(input.frames, { ...defaults, sizes })
    expect(parseLines<Line>(stdout).map(asResult)).toEqual(
      expected.results.filter(({ window }) => window !== 'hidden'),
    )
  })

  test('rolling views are recounts of the last steps at the end of each', async () => {
    const input = stream({ frames: 6_000, seed: 10, rate: 5, users: 2_000 })
    const { code, stdout } = await run(
      ['--rolling', '5m/1m', '--estimator', 'exact', '--max-ahead', 'off'],
      input.text,
    )
    expect(code).toBe(0)
    const views = parseLines<Line>(stdout).filter(({ window }) => window === '5m/1m')
    expect(views.length).toBeGreaterThan(15)
    for (const { start, end, count, lower, events, pane } of views) {
      expect(Date.parse(end) - Date.parse(start)).toBe(5 * minute)
      const inside = input.frames.filter(({ time }) => time >= Date.parse(start) && time < Date.parse(end))
      expect([count, lower, events, pane]).toEqual([
        new Set(inside.map(({ key }) => key)).size,
        count,
        inside.length,
        'final',
      ])
    }
  })

  test('with --key none it counts events', async () => {
    const input = stream({ frames: 5_000, seed: 7, rate: 20, latePerMille: 5 })
    const { stdout } = await run(['--key', 'none', '--windows', '1m,1h'], input.text)
    const lines = parseLines<Line>(stdout)
    const frames = input.frames.map((frame) => ({ ...frame, key: '' }))
    const expected = model(frames, {
      ...defaults,
      sizes: [
        ['1m', minute],
        ['1h', 60 * minute],
      ],
    })
    expect(lines.map(({ window, events }) => [window, events])).toEqual(
      expected.results.map(({ window, events }) => [window, events]),
    )
    for (const line of lines) {
      expect([line.count, line.lower, line.upper, line.estimator]).toEqual([
        line.events,
        line.events,
        line.events,
        'events',
      ])
    }
  })

  test('with an estimator whose estimate of one user is below one, somebody is still counted', async () => {
    const { stdout } = await run(['--estimator', 'ull', '--precision', '4'], '{"uid":"a","ts":1468244384}\n')
    expect(parseLines<Line>(stdout)).toMatchObject([{ count: 1, lower: 1, estimator: 'ull' }])
  })
})

describe('the output is the same bytes', () => {
  const input = stream({
    frames: 20_000,
    seed: 8,
    rate: 30,
    groups: 3,
    latePerMille: 10,
    flippedPerMille: 1,
    malformedPerMille: 5,
  })
  const bytes = Buffer.from(input.text)
  const args = [
    '--windows',
    '1m,1h',
    '--group-by',
    'video',
    '--lateness',
    '30s',
    '--estimator',
    'hll',
    '--sketches',
  ]

  test('for a file, for stdin, for several files that are pieces of it, and for gzip', async () => {
    const file = join(folder, 'whole.jsonl')
    writeFileSync(file, bytes)
    const whole = await run([file, ...args])
    expect(whole.code).toBe(0)
    expect(whole.stdout.length).toBeGreaterThan(10_000)
    expect((await run(args, bytes)).stdout).toBe(whole.stdout)
    const cut = bytes.indexOf('\n', bytes.length / 2)
    const [first, second] = [join(folder, 'first.jsonl'), join(folder, 'second.jsonl')]
    // The first piece ends without a line end, which makes no difference.
    writeFileSync(first, bytes.subarray(0, cut))
    writeFileSync(second, bytes.subarray(cut + 1))
    expect((await run([first, second, ...args])).stdout).toBe(whole.stdout)
    expect((await run([first, '-', ...args], bytes.subarray(cut + 1))).stdout).toBe(whole.stdout)
    const { gzipSync } = await import('node:zlib')
    const packed = join(folder, 'whole.jsonl.gz')
    // Two members, as `cat a.gz b.gz` makes them.
    writeFileSync(
      packed,
      Buffer.concat([gzipSync(bytes.subarray(0, 1_000)), gzipSync(bytes.subarray(1_000))]),
    )
    expect((await run([packed, ...args])).stdout).toBe(whole.stdout)
    expect((await run(args, readFileSync(packed))).stdout).toBe(whole.stdout)
  })
})
