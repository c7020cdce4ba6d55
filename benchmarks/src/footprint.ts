// Peak memory of the whole worker while the input grows: `pnpm bench footprint [--gigabytes 10] [--write]`. One file
// of frames is read again and again, as files and through a pipe, so that gigabytes take no disk. --write puts the table
// into docs/PERFORMANCE.md.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { measuredRun, type Usage } from '@card/testing'
import { expectPlaces, publish, table } from './report/performance-page.js'

const { values } = parseArgs({
  options: { gigabytes: { type: 'string', default: '10' }, write: { type: 'boolean', default: false } },
})
const gigabytes = Number(values.gigabytes)
expectPlaces(['footprint'], values.write)
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

const rows: string[][] = []
for (const passes of [1, Math.ceil(1e9 / bytes), Math.ceil((gigabytes * 1e9) / bytes)]) {
  const files = new Array<string>(passes).fill(file)
  for (const threads of ['1', '2']) {
    const run = await measuredRun(counter, [...files, ...args, '--threads', threads])
    rows.push(row(`files, ${threads === '1' ? 'one thread' : 'two threads'}`, passes, run))
  }
  const cat = spawn('cat', files, { stdio: ['ignore', 'pipe', 'inherit'] })
  rows.push(row('a pipe', passes, await measuredRun(counter, args, { stdin: cat.stdout })))
}
rmSync(folder, { recursive: true })
const heads = ['input', 'GB read', 'peak MB', 'CPU us/frame']
const about = `Node ${process.version}, frames of 2 KB, \`counter-worker ${args.join(' ')}\``
publish('footprint', `${about}\n\n${table(heads, rows, ['input'])}`, values.write)

function row(input: string, passes: number, { peakBytes, cpuSeconds }: Usage): string[] {
  return [
    input,
    ((passes * bytes) / 1e9).toFixed(1),
    (peakBytes / 1e6).toFixed(0),
    ((cpuSeconds / passes / 100_000) * 1e6).toFixed(2),
  ]
}
