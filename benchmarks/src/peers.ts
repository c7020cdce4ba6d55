// The whole worker beside other ways to count distinct users per minute of the same file, in one run:
// `pnpm bench peers [--size 200MB] [--rounds 5] [--lengths 2048,250] [--shapes mixed,repeated,fresh] [--only PATTERN] [--write]`.
// --only takes the programs whose names match, and the worker; --write puts the tables into docs/PERFORMANCE.md.
// Installs what the others need outside the repository.
import { spawnSync } from 'node:child_process'
import { createReadStream, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { checkAnswer, readTruth, type Truth } from './peers/answers.js'
import { lastCore, pinnedRun } from './peers/pinned-run.js'
import { allPrograms, type Program } from './peers/programs.js'
import { targets } from './peers/targets.js'
import { expectPlaces, median, publish, table } from './report/performance-page.js'

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '200MB' },
    rounds: { type: 'string', default: '5' },
    lengths: { type: 'string', default: '2048,250' },
    shapes: { type: 'string', default: 'mixed,repeated' },
    only: { type: 'string', default: '' },
    write: { type: 'boolean', default: false },
  },
})

const shapesInWords: Record<string, string> = {
  mixed: 'known filler keys, in another order in every frame, as real frames have',
  repeated: 'the same filler keys in the same order in every frame',
  fresh: 'new filler keys in every frame, the worst case of JSON.parse',
}

const bytes = parseSize(values.size)
const rounds = Number(values.rounds)
const producer = fileURLToPath(new URL('../../apps/producer/dist/main.js', import.meta.url))
const core = spawnSync('taskset', ['--version']).error ? null : lastCore()
const only = new RegExp(values.only)
const programs = allPrograms().filter(({ name }) => name === 'worker strict' || only.test(name))

const tables = values.lengths
  .split(',')
  .flatMap((length) => values.shapes.split(',').map((shapes) => ({ length, shapes })))
expectPlaces(
  tables.map(({ length, shapes }) => `peers ${length} ${shapes}`),
  values.write,
)
for (const { length, shapes } of tables) await compare(length, shapes)

interface Row {
  readonly program: Program
  /** Seconds of each round. */
  readonly cpu: number[]
  readonly wall: number[]
  /** CPU seconds on an empty file. */
  readonly start: number[]
  /** Empty until something went wrong. */
  wrong: string
  answer: string
}

async function compare(length: string, shapes: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'card-peers-'))
  try {
    const file = join(folder, 'frames.jsonl')
    const { frames, truth } = generate(length, shapes, file, join(folder, 'truth.json'))
    const empty = join(folder, 'empty.jsonl')
    writeFileSync(empty, '')
    // Into the page cache: what is measured is not the disk.
    for await (const _ of createReadStream(file, { highWaterMark: 1 << 20 })) {
    }
    // Key shapes other than the real ones change only what JSON.parse costs.
    const taking = programs.filter(({ name }) => shapes === 'mixed' || /^worker strict$|^Node/.test(name))
    const rows = taking
      .filter(({ command }) => !('missing' in command))
      .map((program): Row => ({ program, cpu: [], wall: [], start: [], wrong: '', answer: '' }))
    for (let round = 0; round < rounds; round++)
      for (const row of rows) await measure(row, file, empty, truth)
    const report = reportOf(length, shapes, rows, frames, statSync(file).size)
    publish(`peers ${length} ${shapes}`, report, values.write)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function measure(row: Row, file: string, empty: string, truth: Truth): Promise<void> {
  const { program } = row
  const command = program.command as readonly string[]
  try {
    const run = await pinnedRun([...command, file], core)
    const start = await pinnedRun([...command, empty], core)
    row.cpu.push(run.cpuSeconds)
    row.wall.push(run.wallSeconds)
    row.start.push(start.cpuSeconds)
    row.answer = checkAnswer(program, run.stdout, truth)
  } catch (error) {
    row.wrong ||= `WRONG: ${(error as Error).message}`
  }
}

function reportOf(
  length: string,
  shapes: string,
  rows: readonly Row[],
  frames: number,
  size: number,
): string {
  const strict = rows.find(({ program }) => program.name === 'worker strict')!
  const perFrame = (seconds: number) => ((seconds / frames) * 1e6).toFixed(2)
  const lines = rows.map((row) => {
    const cpu = median(row.cpu)
    const speed = (size / cpu / 1e9).toFixed(2)
    const cells = [row.program.name, perFrame(cpu), speed, (median(row.start) * 1000).toFixed(0)]
    return [...cells, perFrame(median(row.wall)), ratio(row, strict).toFixed(2), row.wrong || row.answer]
  })
  const skipped = programs.flatMap(({ name, command }) =>
    'missing' in command ? [`- skipped: ${name}: ${command.missing}`] : [],
  )
  const heads = ['program', 'CPU us/frame', 'GB per CPU s', 'start, CPU ms', 'wall us/frame']
  return [
    `### Lines of ${(size / frames).toFixed(0)} bytes, ${shapes} key shapes`,
    '',
    `${frames.toLocaleString('en-US')} frames (${shapesInWords[shapes]}), ${(size / 1e6).toFixed(0)} MB in the page cache,`,
    `of \`producer generate --line-length ${length} --key-shapes ${shapes} --seed 7\`; Node ${process.version}, ${cpus()[0]?.model},`,
    `${core === null ? 'not pinned (no taskset)' : 'one core'}; medians of ${rounds} runs in turn; CPU is user + system, start included.`,
    '',
    table([...heads, 'CPU / worker strict', 'answer'], lines, ['program', 'answer']),
    '',
    ...targets.filter((target) => target.frames === `${length} ${shapes}`).map((each) => verdict(each, rows)),
    ...skipped,
  ].join('\n')
}

function verdict({ worker, peer, ratio: least }: (typeof targets)[number], rows: readonly Row[]): string {
  const find = (name: string) => rows.find(({ program }) => program.name === name)
  const [ours, theirs] = [find(worker), find(peer)]
  const words = `- ${worker}: CPU at least ${least.toFixed(1)}x less than ${peer}`
  if (ours === undefined || theirs === undefined) return `${words}: not measured`
  if (ours.wrong || theirs.wrong) return `${words}: no comparison, an answer is wrong`
  const found = ratio(theirs, ours)
  return `${words}: ${found.toFixed(2)}x, ${found >= least ? 'reached' : '**not reached**'}`
}

/** The median over the rounds, so that a slow moment of the machine falls on both sides. */
function ratio(above: Row, below: Row): number {
  return median(above.cpu.map((seconds, round) => seconds / below.cpu[round]!))
}

function generate(length: string, shapes: string, file: string, truthFile: string) {
  // Lines are up to 76 bytes longer than asked for, with their ends about 32 in the middle.
  const frames = Math.round(bytes / (Number(length) + 32))
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      ...[producer, 'generate', '--frames', String(frames), '--line-length', length],
      ...['--key-shapes', shapes, '--seed', '7', '--out', file, '--truth', truthFile],
    ],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`The producer failed: ${stderr}`)
  return { frames, truth: readTruth(truthFile) }
}

function parseSize(text: string): number {
  const [, number, unit = ''] = /^([\d.]+)(MB|GB)?$/.exec(text) ?? []
  if (number === undefined) throw new Error(`--size: expected a size like 200MB or 2GB, found "${text}"`)
  return Number(number) * ({ MB: 1e6, GB: 1e9 }[unit] ?? 1)
}
