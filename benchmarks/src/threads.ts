// The whole worker on a file with one, two and four threads, in turn in one run:
// `pnpm bench threads [--frames 500000] [--rounds 5] [--write]`. --write puts the table into docs/PERFORMANCE.md.
import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { measuredRun, type Usage } from '@card/testing'
import { expectPlaces, median, publish, table } from './report/performance-page.js'

const { values } = parseArgs({
  options: {
    frames: { type: 'string', default: '500000' },
    rounds: { type: 'string', default: '5' },
    write: { type: 'boolean', default: false },
  },
})
expectPlaces(['threads'], values.write)

const counts = [1, 2, 4]
const root = fileURLToPath(new URL('../..', import.meta.url))
const producer = join(root, 'apps', 'producer', 'dist', 'main.js')
const counter = join(root, 'apps', 'counter-worker', 'dist', 'main.js')
const folder = mkdtempSync(join(tmpdir(), 'card-threads-'))

try {
  const rows: string[][] = []
  // Short frames are more, so that the start of the process weighs the same.
  for (const [length, frames] of [
    ['2048', Number(values.frames)],
    ['250', 8 * Number(values.frames)],
  ] as const) {
    rows.push(...(await compare(length, frames)))
  }
  const heads = [
    'frames',
    'threads',
    'MB/s',
    'wall s',
    'CPU s',
    'wall: one thread / this',
    'CPU / one thread',
    'peak MB',
  ]
  const about = [
    `Node ${process.version}, ${availableParallelism()} cores, medians of ${values.rounds} rounds in turn.`,
    '`counter-worker FILE --windows 1m,1h,1d --estimator hll --threads N`, start included, the file in the page cache.',
  ]
  publish('threads', `${about.join('\n')}\n\n${table(heads, rows, ['frames'])}`, values.write)
} finally {
  rmSync(folder, { recursive: true })
}

async function compare(length: string, frames: number): Promise<string[][]> {
  const file = join(folder, `${length}.jsonl`)
  await measuredRun(producer, [
    ...['generate', '--frames', String(frames), '--line-length', length],
    ...['--key-shapes', 'mixed', '--seed', '7', '--out', file],
  ])
  for await (const _ of createReadStream(file, { highWaterMark: 1 << 20 })) {
    // Into the page cache: what is measured is not the disk.
  }
  const runs = new Map<number, Usage[]>(counts.map((threads) => [threads, []]))
  const results = new Set<string>()
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const threads of counts) {
      const stdout = join(folder, 'results')
      const words = [file, '--windows', '1m,1h,1d', '--estimator', 'hll', '--threads', String(threads)]
      runs.get(threads)!.push(await measuredRun(counter, words, { stdout }))
      results.add(readFileSync(stdout, 'utf8'))
    }
  }
  if (results.size !== 1) throw new Error('expected the same results of every run, found different ones')
  const size = statSync(file).size
  rmSync(file)
  const of = (threads: number, pick: (usage: Usage) => number) => median(runs.get(threads)!.map(pick))
  const wall = (threads: number) => of(threads, ({ wallSeconds }) => wallSeconds)
  const cpu = (threads: number) => of(threads, ({ cpuSeconds }) => cpuSeconds)
  return counts.map((threads) => [
    length === '250' ? '250 B' : '2 KB',
    String(threads),
    (size / wall(threads) / 1e6).toFixed(0),
    wall(threads).toFixed(2),
    cpu(threads).toFixed(2),
    (wall(1) / wall(threads)).toFixed(2),
    (cpu(threads) / cpu(1)).toFixed(2),
    (of(threads, ({ peakBytes }) => peakBytes) / 1e6).toFixed(0),
  ])
}
