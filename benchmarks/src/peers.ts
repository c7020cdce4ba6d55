// The whole worker beside other ways to count distinct users per minute of the same file, in one run:
// `pnpm bench peers [--size 200MB] [--rounds 5] [--lengths 2048,250] [--shapes fresh,repeated]`.
// Installs what the other programs need outside the repository.
import { spawnSync } from 'node:child_process'
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { checkAnswer, readTruth, type Truth } from './peers/answers.js'
import { lastCore, pinnedRun } from './peers/pinned-run.js'
import { allPrograms, type Program } from './peers/programs.js'
import { targets } from './peers/targets.js'

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '200MB' },
    rounds: { type: 'string', default: '5' },
    lengths: { type: 'string', default: '2048,250' },
    shapes: { type: 'string', default: 'fresh,repeated' },
  },
})
const bytes = parseSize(values.size)
const rounds = Number(values.rounds)
const producer = fileURLToPath(new URL('../../apps/producer/dist/main.js', import.meta.url))
const core = spawnSync('taskset', ['--version']).error ? null : lastCore()
const programs = allPrograms()

for (const { name, command } of programs) {
  if ('missing' in command) console.log(`skipped: ${name}: ${command.missing}`)
}
for (const length of values.lengths.split(',')) {
  for (const shapes of values.shapes.split(',')) await compare(length, shapes)
}

interface Row {
  readonly name: string
  readonly cpu: number[]
  readonly wall: number[]
  answer: string
  wrong: boolean
}

async function compare(length: string, shapes: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'card-peers-'))
  try {
    const file = join(folder, 'frames.jsonl')
    const { frames, truth } = generate(length, shapes, file, join(folder, 'truth.json'))
    const size = statSync(file).size
    // Into the page cache: what is measured is not the disk.
    for await (const _ of createReadStream(file, { highWaterMark: 1 << 20 })) {
    }
    const rows = await measure(shapes, file, truth)
    report(`${length} ${shapes}`, rows, frames, size)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function measure(shapes: string, file: string, truth: Truth): Promise<Row[]> {
  // Repeated key shapes make only JSON.parse of V8 faster.
  const taking =
    shapes === 'fresh' ? programs : programs.filter(({ name }) => /^worker strict$|^Node/.test(name))
  const rows = new Map<Program, Row>()
  for (let round = 0; round < rounds; round++) {
    for (const program of taking) {
      if ('missing' in program.command) continue
      const row = rows.get(program) ?? { name: program.name, cpu: [], wall: [], answer: '', wrong: false }
      rows.set(program, row)
      try {
        const run = await pinnedRun([...program.command, file], core)
        row.cpu.push(run.cpuSeconds)
        row.wall.push(run.wallSeconds)
        if (!row.wrong) row.answer = checkAnswer(program, run.stdout, truth)
      } catch (error) {
        row.wrong = true
        row.answer = `WRONG: ${(error as Error).message}`
      }
    }
  }
  return [...rows.values()]
}

function report(kind: string, rows: readonly Row[], frames: number, size: number): void {
  const [length, shapes] = kind.split(' ') as [string, string]
  const shape = shapes === 'fresh' ? 'new filler keys in every frame' : 'the same filler keys in every frame'
  console.log(
    [
      '',
      `### Lines of ${(size / frames).toFixed(0)} bytes, ${shapes} key shapes`,
      '',
      `\`producer generate --frames ${frames} --line-length ${length} --key-shapes ${shapes} --seed 7\` (${shape}),`,
      `${(size / 1e6).toFixed(0)} MB in the page cache; Node ${process.version}, ${cpus()[0]?.model},`,
      `${core === null ? 'not pinned (no taskset)' : 'pinned to one core'}, medians of ${rounds} runs in turn; CPU is user + system, start included.`,
      '',
      '| program | CPU us/frame | GB per CPU s | wall us/frame | its CPU / worker strict | answer |',
      '| --- | --: | --: | --: | --: | --- |',
    ].join('\n'),
  )
  const find = (name: string) => rows.find((row) => row.name === name)
  const strict = find('worker strict')!
  for (const row of rows) {
    const cpu = median(row.cpu)
    const cells = [
      row.name,
      ((cpu / frames) * 1e6).toFixed(2),
      (size / cpu / 1e9).toFixed(2),
      ((median(row.wall) / frames) * 1e6).toFixed(2),
      ratio(row, strict).toFixed(2),
      row.answer,
    ]
    console.log(`| ${cells.join(' | ')} |`)
  }
  console.log('')
  for (const target of targets) {
    if (target.frames !== kind) continue
    const [ours, theirs] = [find(target.worker), find(target.peer)]
    const words = `${target.worker}: CPU at least ${target.ratio}x less than ${target.peer}`
    if (ours === undefined || theirs === undefined) console.log(`- ${words}: not measured`)
    else if (ours.wrong || theirs.wrong) console.log(`- ${words}: no comparison, an answer is wrong`)
    else {
      const reached = ratio(theirs, ours)
      console.log(
        `- ${words}: ${reached.toFixed(2)}x, ${reached >= target.ratio ? 'reached' : 'NOT reached'}`,
      )
    }
  }
}

/** The median over the rounds, so that a slow moment of the machine falls on both sides. */
function ratio(above: Row, below: Row): number {
  return median(above.cpu.map((seconds, round) => seconds / below.cpu[round]!))
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
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
