// What each stage from bytes to results costs, each by itself in memory, beside the floors of the same run:
// `pnpm bench stages [--megabytes 200] [--rounds 5] [--lengths 2048,250] [--write]`. --write puts the tables into docs/PERFORMANCE.md.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { measuredRun, median as medianRun } from '@card/testing'
import { expectPlaces, publish, table } from './report/performance-page.js'
import { adding, results, windowing } from './stages/counting-stages.js'
import { copying, fileRead, newlineSearch, scanning, wholeCore } from './stages/file-stages.js'
import { batchesOf } from './stages/frame-columns.js'
import {
  type Codec,
  checksums,
  decompressing,
  encodeFrames,
  walkingAndScanning,
} from './stages/kafka-stages.js'
import { measureStages, type Stage } from './stages/measure.js'

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '5' },
    lengths: { type: 'string', default: '2048,250' },
    write: { type: 'boolean', default: false },
  },
})
const rounds = Number(values.rounds)
const program = (name: string) => fileURLToPath(new URL(`../../apps/${name}/dist/main.js`, import.meta.url))

const lengths = values.lengths.split(',')
expectPlaces(
  lengths.flatMap((length) => [`stages ${length} file`, `stages ${length} kafka`]),
  values.write,
)
for (const length of lengths) {
  const folder = mkdtempSync(join(tmpdir(), 'card-stages-'))
  try {
    await profile(length, folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function profile(length: string, folder: string): Promise<void> {
  const path = join(folder, 'frames.jsonl')
  const frames = Math.round((Number(values.megabytes) * 1e6) / (Number(length) + 32))
  const made = ['generate', '--frames', String(frames), '--line-length', length, '--seed', '7', '--out', path]
  const { status, stderr } = spawnSync(process.execPath, [program('producer'), ...made], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`The producer failed: ${stderr}`)
  const bytes = readFileSync(path)
  const shape = [
    `${frames.toLocaleString('en-US')} frames of ${(bytes.length / frames).toFixed(0)} bytes, mixed key shapes (\`producer ${made.slice(0, -2).join(' ')}\`);`,
    `Node ${process.version}, ${cpus()[0]?.model}; CPU time, medians of ${rounds} rounds in turn, each stage by itself, warm.`,
  ].join('\n')
  const profileOf = { bytes, frames, shape, length }
  publish(`stages ${length} file`, await fileReport(profileOf, path, folder), values.write)
  publish(`stages ${length} kafka`, kafkaReport(profileOf), values.write)
}

interface Frames {
  readonly bytes: Buffer
  readonly frames: number
  readonly shape: string
}

async function fileReport({ bytes, frames, shape }: Frames, path: string, folder: string): Promise<string> {
  const batches = batchesOf(bytes)
  const [read, lines, copy] = [fileRead(path), newlineSearch(bytes), copying(bytes)]
  const [strict, trusted] = [scanning(bytes, 'strict', 'uid'), scanning(bytes, 'trusted', 'uid')]
  const keyless = scanning(bytes, 'trusted', null)
  const push = windowing(batches)
  const [exact, hll, auto] = [adding('exact', batches), adding('hll', batches), adding('auto', batches)]
  const said = results('auto', batches)
  const core = wholeCore(bytes)
  const stages = [read, lines, copy, strict, trusted, keyless, push, exact, hll, auto, said, core]
  const cpu = measureStages(stages, rounds)
  const of = (stage: Stage) => cpu.get(stage.name)!
  const sum = of(read) + of(strict) - of(copy) + of(push) + of(auto) + of(said)
  const worker = await workerWithoutStart(path, folder)
  const row = (name: string, ns: number, seen: boolean, inSum: boolean) => [
    name,
    (ns / frames).toFixed(1),
    seen ? (bytes.length / ns).toFixed(2) : '',
    inSum ? `${((ns / sum) * 100).toFixed(1)} %` : '',
  ]
  const rows = [
    row('floor: newline search', of(lines), true, false),
    row('floor: file read, 256 KiB at a time', of(read), true, true),
    row('scan, strict (with key, time and hash)', of(strict) - of(copy), true, true),
    row('scan, trusted', of(trusted) - of(copy), true, false),
    row('... of which the key and its hash', of(trusted) - of(keyless), false, false),
    row('windowing: push', of(push), false, true),
    row('estimator: add, auto', of(auto), false, true),
    row('estimator: add, exact', of(exact), false, false),
    row('estimator: add, hll', of(hll), false, false),
    row('results of minutes, hours, the day, auto', of(said), false, true),
    row('sum of the stages with a share', sum, true, true),
    row('the core in one pass, bytes in memory', of(core), true, false),
    row('the worker on the file, its start taken off', worker, true, false),
  ]
  return `${shape}\n\n${table(['stage', 'ns/frame', 'GB/s', 'share'], rows, ['stage'])}`
}

/** CPU ns of the whole program beyond what it takes on an empty file. */
async function workerWithoutStart(path: string, folder: string): Promise<number> {
  const empty = join(folder, 'empty.jsonl')
  writeFileSync(empty, '')
  const [whole, start] = [[], []] as Awaited<ReturnType<typeof measuredRun>>[][]
  for (let round = 0; round < rounds; round++) {
    for (const [list, file] of [
      [whole!, path],
      [start!, empty],
    ] as const) {
      list.push(await measuredRun(program('counter-worker'), [file, '--windows', '1m,1h,1d']))
    }
  }
  return (medianRun(whole!).cpuSeconds - medianRun(start!).cpuSeconds) * 1e9
}

function kafkaReport({ bytes, frames, shape }: Frames): string {
  const found = (['none', 'lz4', 'zstd'] as const).map((codec) => ({
    codec,
    batches: encodeFrames(bytes, codec),
  }))
  const able = found.filter((each): each is { codec: Codec; batches: Buffer[] } => each.batches !== null)
  const stagesOf = able.map(({ codec, batches }) => ({
    codec,
    size: batches.reduce((sum, { length }) => sum + length, 0),
    checksum: checksums(codec, batches),
    decompress: decompressing(codec, batches),
  }))
  // What is scanned is the same bytes for each codec.
  const scan = walkingAndScanning(able[0]!.batches)
  const cpu = measureStages(
    [scan, ...stagesOf.flatMap(({ checksum, decompress }) => [checksum, decompress])],
    rounds,
  )
  const of = (stage: Stage) => cpu.get(stage.name)!
  const rows = stagesOf.map(({ codec, size, checksum, decompress }) => {
    const parts = [of(checksum), codec === 'none' ? 0 : of(decompress), of(scan)]
    const together = parts.reduce((sum, ns) => sum + ns, 0)
    return [
      codec,
      (size / bytes.length).toFixed(2),
      ...[...parts, together].map((ns) => (ns / frames).toFixed(1)),
      (bytes.length / together).toFixed(2),
    ]
  })
  const heads = [
    'codec',
    'size',
    'checksum',
    'decompress',
    'copy, walk and scan, strict',
    'together',
    'GB/s of frames',
  ]
  const skipped = found
    .filter(({ batches }) => batches === null)
    .map(({ codec }) => `\n\nskipped: ${codec}, no command of that name`)
  return `${shape}\nIn record batches of 500 kB, ns a frame:\n\n${table(heads, rows, ['codec'])}${skipped.join('')}`
}
