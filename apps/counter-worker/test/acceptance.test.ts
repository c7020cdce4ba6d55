import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildApp, fixturePaths, measuredRun, type Usage } from '@card/testing'
import { temporaryFolder } from '@card/testing/temporary-folder'
import { beforeAll, describe, expect, test } from 'vitest'
import { parseLines, run } from './program.js'

const folder = temporaryFolder('acceptance')
const app = (name: string) => buildApp(fileURLToPath(new URL(`../../${name}`, import.meta.url)))
let producer = ''
let counter = ''

beforeAll(async () => {
  producer = await app('producer')
  counter = await app('counter-worker')
})

interface TruthWindow {
  readonly start: string
  readonly group: string | null
  readonly users: number
  readonly events: number
}

interface Truth {
  readonly windows: Readonly<Record<string, readonly TruthWindow[]>>
  readonly lines: number
  readonly blank: number
  readonly counted: number
  readonly rejected: Readonly<Record<string, number>>
}

interface Line {
  readonly window: string
  readonly start: string
  readonly group: string | null
  readonly count: number
  readonly lower: number
  readonly upper: number
  readonly estimator: string
  readonly events: number
  readonly revision: number
}

/** Pipes a generated stream into the counter. */
async function count(generate: readonly string[], args: readonly string[]) {
  const [truth, results, summary] = ['truth', 'results', 'summary'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  const source = spawn(process.execPath, [producer, 'generate', ...generate, '--truth', truth], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const generated = new Promise((resolve) => source.on('close', resolve))
  const usage = await measuredRun(counter, [...args, '--summary', summary], {
    stdin: source.stdout,
    stdout: results,
  })
  expect(await generated).toBe(0)
  return {
    usage,
    truth: JSON.parse(readFileSync(truth, 'utf8')) as Truth,
    summary: JSON.parse(readFileSync(summary, 'utf8')),
    lines: parseLines<Line>(readFileSync(results, 'utf8')),
  }
}

/** The highest revision of each window, which is the truth. */
function latest(lines: readonly Line[]): Line[] {
  const windows = new Map<string, Line>()
  for (const line of lines) {
    const id = JSON.stringify([line.window, line.start, line.group])
    if (line.revision >= (windows.get(id)?.revision ?? 0)) windows.set(id, line)
  }
  return [...windows.values()]
}

const hostile = [
  ...['--late-probability', '2', '--late-max', '600', '--flip-probability', '0.05', '--duplicates', '1'],
  ...[
    '--malformed',
    'not-json=0.2,not-object=0.1,missing-time=0.1,bad-time=0.1,missing-key=0.1,bad-key=0.1,blank=0.1,too-long=0.0005',
  ],
]
const everything = ['--windows', '1m,1h,1d', '--max-ahead', 'off', '--lateness', '100000d']

describe('a million frames of 2 KB with late, flipped, malformed and repeated ones', () => {
  const generate = ['--frames', '1000000', '--seed', '11', ...hostile]

  test('counted exactly give the truth for minute, hour and day in one pass, in bounded memory', async () => {
    const { usage, truth, summary, lines } = await count(generate, [...everything, '--estimator', 'exact'])
    expectTruth(truth, lines, summary)
    expectMemory(usage, 250)
  }, 400_000)

  test('counted by sketches stay within their bounds at the stated rate, in bounded memory', async () => {
    const { usage, truth, lines } = await count(
      [...generate, '--truth-windows', '10s,1m,1h,1d'],
      ['--windows', '10s,1m,1h,1d', '--max-ahead', 'off', '--lateness', '100000d', '--estimator', 'hll'],
    )
    const users = new Map<string, number>()
    for (const [window, starts] of Object.entries(truth.windows)) {
      for (const { start, users: count } of starts) users.set(`${window} ${start}`, count)
    }
    const final = latest(lines)
    expect(final).toHaveLength(users.size)
    // Where there are few users the sketch is all but exact: only the others say something about its bounds.
    const judged = final.filter(({ window, start }) => users.get(`${window} ${start}`)! >= 1_000)
    const outside = judged.filter(({ window, start, lower, upper }) => {
      const count = users.get(`${window} ${start}`)!
      return count < lower || count > upper
    })
    expect(judged.length).toBeGreaterThan(100)
    // At two sigma 4.55 % are outside; this many more than that happens to one build in ten thousand.
    const expected = judged.length * 0.0455
    expect(outside.length).toBeLessThanOrEqual(Math.ceil(expected + 4 * Math.sqrt(expected)))
    expectMemory(usage, 120)
  }, 400_000)

  test('counted for each group give the truth of each group', async () => {
    const { truth, summary, lines } = await count(
      [
        '--frames',
        '200000',
        '--seed',
        '13',
        '--groups',
        '20',
        '--groupless',
        '5',
        ...hostile,
        '--malformed',
        'bad-group=0.5,bad-key=0.2',
      ],
      [...everything, '--estimator', 'exact', '--group-by', 'video'],
    )
    expect(summary.rejected['bad-group']).toBeGreaterThan(500)
    expectTruth(truth, lines, summary)
  }, 400_000)
})

describe('memory does not grow with the stream: five million frames', () => {
  const generate = ['--frames', '5000000', '--seed', '12']

  test.each([
    ['hll', 120],
    ['exact', 250],
  ])(
    'with %s at most %d MB',
    async (estimator, megabytes) => {
      const { usage, summary } = await count(generate, ['--windows', '1m,1h,1d', '--estimator', estimator])
      expect(summary.lines).toBe(5_000_000)
      expectMemory(usage, megabytes)
    },
    400_000,
  )
})

test('a file read thirty times takes no more memory than one read three times', async () => {
  const file = join(folder, 'again.jsonl')
  await measuredRun(producer, ['generate', '--frames', '10000', '--seed', '15', '--out', file])
  const [few, many] = await Promise.all(
    [3, 30].map((times) => {
      const files = new Array<string>(times).fill(file)
      // Every pass falls into the windows of the first, which stay open for it.
      return measuredRun(counter, [...files, '--out-of-order', '1h', '--estimator', 'hll'])
    }),
  )
  expectMemory(many!, 120)
  expect(many!.peakBytes - few!.peakBytes).toBeLessThan(10e6)
}, 120_000)

const real = fixturePaths('', 'real-100.jsonl')

test.skipIf(real.length === 0)(
  'the first 100 real frames are 100 users of one minute, by file and by stdin',
  async () => {
    for (const path of real) {
      const byFile = await run([path])
      expect(parseLines<Line>(byFile.stdout)).toMatchObject([
        { window: '1m', start: '2016-07-11T13:39:00.000Z', count: 100, events: 100 },
      ])
      expect((await run([], readFileSync(path))).stdout).toBe(byFile.stdout)
    }
  },
)

/** Every window of every group has the true users and events, and the sums are those of the stream. */
function expectTruth(truth: Truth, lines: readonly Line[], summary: Record<string, unknown>) {
  const row = (window: string, { start, group, users, events }: TruthWindow) =>
    JSON.stringify([window, start, group, users, events])
  const expected = Object.entries(truth.windows).flatMap(([window, starts]) =>
    starts.map((truth) => row(window, truth)),
  )
  const counted = latest(lines).map((line) => row(line.window, { ...line, users: line.count }))
  expect(counted.sort()).toEqual(expected.sort())
  const { lines: read, blank, counted: frames, rejected } = truth
  expect(summary).toMatchObject({ lines: read, blank, counted: frames, rejected, late: {} })
}

function expectMemory({ peakBytes }: Usage, megabytes: number) {
  expect(peakBytes / 1e6).toBeLessThanOrEqual(megabytes)
}
