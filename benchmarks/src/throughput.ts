// The whole worker against bare JSON.parse of the same lines, in one run: `pnpm bench throughput [FRAMES] [RUNS]`.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { measuredRun, median, type Usage } from '@card/testing'

const frames = Number(process.argv[2] ?? 200_000)
const rounds = Number(process.argv[3] ?? 3)
const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'card-throughput-'))
const producer = join(root, 'apps', 'producer', 'dist', 'main.js')
const counter = join(root, 'apps', 'counter-worker', 'dist', 'main.js')
const parse = join(root, 'benchmarks', 'peers', 'json-parse.js')

console.log(
  `Node ${process.version}, ${cpus()[0]?.model}, ${frames} frames, medians of ${rounds} runs in turn`,
)
console.log(
  'counter-worker FILE --windows 1m,1h,1d, start included; JSON.parse: each line parsed, nothing else\n',
)
console.log(
  'frames              | frames/s  |   MB/s | CPU us/frame | peak MB | JSON.parse us/frame | ratio JSON.parse : worker | producer us/frame',
)
for (const length of [2048, 250]) {
  for (const shapes of ['fresh', 'repeated']) {
    const file = join(folder, `${length}-${shapes}.jsonl`)
    // Short frames are more, so that the start of the process weighs the same.
    const count = length > 1000 ? frames : frames * 4
    const made = await measuredRun(producer, [
      ...['generate', '--frames', String(count), '--line-length', String(length)],
      ...['--key-shapes', shapes, '--seed', '7', '--out', file],
    ])
    const ours: Usage[] = []
    const floor: Usage[] = []
    for (let round = 0; round < rounds; round++) {
      ours.push(await measuredRun(counter, [file, '--windows', '1m,1h,1d']))
      floor.push(await measuredRun(parse, [file]))
    }
    const worker = median(ours)
    const bare = median(floor)
    const cells = [
      `${length === 2048 ? '2 KB ' : '250 B'}, ${shapes}`.padEnd(19),
      Math.round(count / worker.wallSeconds)
        .toLocaleString('en-US')
        .padStart(9),
      (statSync(file).size / worker.wallSeconds / 1e6).toFixed(1).padStart(6),
      ((worker.cpuSeconds / count) * 1e6).toFixed(2).padStart(12),
      (worker.peakBytes / 1e6).toFixed(0).padStart(7),
      ((bare.cpuSeconds / count) * 1e6).toFixed(2).padStart(19),
      (bare.cpuSeconds / worker.cpuSeconds).toFixed(2).padStart(26),
      ((made.cpuSeconds / count) * 1e6).toFixed(2).padStart(21),
    ]
    console.log(cells.join(' | '))
    rmSync(file)
  }
}
rmSync(folder, { recursive: true })
