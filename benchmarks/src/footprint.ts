// Peak memory of the whole worker while the input grows: `pnpm bench footprint [GIGABYTES]`. One file of frames is
// read again and again, as files and through a pipe, so that gigabytes take no disk.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { measuredRun } from '@card/testing'

const gigabytes = Number(process.argv[2] ?? 10)
const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'card-footprint-'))
const file = join(folder, 'frames.jsonl')
const counter = join(root, 'apps', 'counter-worker', 'dist', 'main.js')
await measuredRun(join(root, 'apps', 'producer', 'dist', 'main.js'), [
  ...['generate', '--frames', '100000', '--key-shapes', 'mixed', '--seed', '7', '--out', file],
])
const bytes = statSync(file).size
// Every pass falls into the windows of the first, which stay open for it.
const args = ['--windows', '1m,1h,1d', '--out-of-order', '1h', '--estimator', 'hll']

console.log(`Node ${process.version}, frames of 2 KB, counter-worker ${args.join(' ')}\n`)
console.log('input | GB read | peak MB | CPU us/frame')
for (const passes of [1, Math.ceil(1e9 / bytes), Math.ceil((gigabytes * 1e9) / bytes)]) {
  const files = new Array<string>(passes).fill(file)
  const cat = spawn('cat', files, { stdio: ['ignore', 'pipe', 'inherit'] })
  for (const [input, run] of [
    ['files', measuredRun(counter, [...files, ...args])],
    ['pipe ', measuredRun(counter, args, { stdin: cat.stdout })],
  ] as const) {
    const { peakBytes, cpuSeconds } = await run
    const cells = [
      input,
      ((passes * bytes) / 1e9).toFixed(1).padStart(7),
      (peakBytes / 1e6).toFixed(0).padStart(7),
      ((cpuSeconds / passes / 100_000) * 1e6).toFixed(2).padStart(12),
    ]
    console.log(cells.join(' | '))
  }
}
rmSync(folder, { recursive: true })
