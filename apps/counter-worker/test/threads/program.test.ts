import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { temporaryFolder } from '@card/testing/temporary-folder'
import { describe, expect, test } from 'vitest'
import { collect, type Run, run, start } from '../program.js'
import { stream } from '../stream.js'

const folder = temporaryFolder('threads')
const mark = '\ufeff'

/** Some megabytes, so that many blocks go round: damaged frames, a line longer than a block, a too long one. */
const text = stream({
  frames: 40_000,
  seed: 5,
  rate: 20,
  groups: 40,
  latePerMille: 10,
  flippedPerMille: 2,
  malformedPerMille: 10,
}).text
const middle = text.indexOf('\n', text.length / 2) + 1
const long = (length: number) => `{"uid":"long","ts":1468244400,"x":"${'x'.repeat(length)}"}\n`
const first = `${mark}${text.slice(0, middle)}${long(600_000)}${long(1_100_000)}`
const second = `${mark}\r\n${text.slice(middle)}{"uid":"last","ts":1468246`

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const files = [file('first.jsonl', first), file('second.jsonl', second)]
const packed = file('both.jsonl.gz', gzipSync(first + second))

const counting = [
  ...['--windows', '1m,1h', '--lateness', '20s', '--sketches'],
  ...['--group-by', 'video', '--max-groups', '30'],
]
const settings = [
  ...counting,
  ...['--late-file', 'late', '--rejects-file', 'rejects', '--summary', 'summary'],
]

/** Everything that a run gives, as the bytes it gives. */
interface Output {
  readonly run: Run
  readonly files: readonly string[]
}

async function outputOf(threads: number, inputs: readonly string[], stdin?: Uint8Array): Promise<Output> {
  const cwd = mkdtempSync(join(folder, 'run-'))
  const words = [...settings, '--threads', String(threads), ...inputs]
  const ended = await run(words, stdin, { cwd })
  const written = ['late', 'rejects', 'summary'].map((name) => readFileSync(join(cwd, name), 'utf8'))
  // What the run took is no part of its result, nor which late frame a warning shows: it looks once a batch.
  const stderr = ended.stderr.replace(/ in .*/, '').replaceAll(/(clocks differ): .*/g, '$1')
  return { run: { ...ended, stderr }, files: written }
}

describe('one, two and four threads give the same bytes', () => {
  test.each([
    ['for files', files, undefined],
    ['for stdin', [], Buffer.from(first + second)],
    ['for a compressed file', [packed], undefined],
    ['for compressed bytes on stdin between files', [files[0]!, '-'], readFileSync(packed)],
    [
      'where a file behind one that was read is cut short',
      [files[0]!, file('cut-behind.gz', gzipSync(second).subarray(0, 30_000))],
      undefined,
    ],
    [
      'where compressed data is cut short',
      [file('cut.gz', readFileSync(packed).subarray(0, 400_000))],
      undefined,
    ],
  ])('%s', async (_, inputs, stdin) => {
    const expected = await outputOf(1, inputs, stdin)
    expect(expected.run.stdout.split('\n').length).toBeGreaterThan(100)
    expect(expected.files.every((content) => content.length > 100)).toBe(true)
    for (const threads of [2, 4]) expect(await outputOf(threads, inputs, stdin)).toEqual(expected)
  })

  test('for a named pipe', async () => {
    const pipe = join(folder, 'pipe')
    spawnSync('mkfifo', [pipe])
    const child = await start([...counting, '--threads', '2', pipe], { cwd: folder })
    const ended = collect(child)
    const writer = spawn('sh', ['-c', `cat '${files[0]}' > '${pipe}'`], { stdio: 'ignore' })
    await new Promise((resolve) => writer.on('close', resolve))
    const { stdout } = await run([...counting, files[0]!], '', { cwd: folder })
    expect((await ended).stdout).toBe(stdout)
  })
})

describe('a thread that dies', () => {
  /** Runs this in every thread but the main one, before its program. */
  const inThreads = (code: string) => ({
    NODE_OPTIONS: `--require=${file('in-threads.cjs', `if (!require('node:worker_threads').isMainThread) { ${code} }`)}`,
  })

  test('without a word ends the program with 1 and one line', async () => {
    const env = inThreads('process.exit(3)')
    const { code, stderr } = await run(['--threads', '2', ...many(files[0]!)], '', { env })
    expect([code, stderr.trimEnd().split('\n').at(-1)]).toEqual([
      1,
      'counter-worker: a scanning thread ended unexpectedly (3)',
    ])
  })

  test('of an error ends the program as that error would in the main thread', async () => {
    const env = inThreads("throw new Error('planted')")
    const { code, stderr } = await run(['--threads', '3', ...many(files[0]!)], '', { env })
    expect([code, stderr]).toEqual([1, expect.stringContaining('Error: planted')])
  })
})

test('a signal in the middle of files stops reading; every line read so far is in the sums', async () => {
  const summary = join(folder, 'stopped')
  const child = await start(['--threads', '2', '--summary', summary, '--lateness', '1w', ...many(files[0]!)])
  const ended = collect(child)
  await new Promise((resolve) => child.stdout!.once('data', resolve))
  child.kill('SIGTERM')
  expect((await ended).code).toBe(143)
  const { lines, blank, counted, rejected, late } = JSON.parse(readFileSync(summary, 'utf8'))
  const sum = (parts: Record<string, number>) => Object.values(parts).reduce((total, part) => total + part, 0)
  expect(lines).toBe(blank + counted + sum(rejected) + sum(late))
  expect(lines).toBeLessThan(many(files[0]!).length * 20_000)
})

test('where there is nothing to scan with, one thread does it all, and that is said once', async () => {
  const env = { NODE_OPTIONS: '--jitless' }
  const { stdout } = await run(counting, text)
  const alone = await run([...counting, '--threads', '4'], text, { env })
  expect(alone.stdout).toBe(stdout)
  expect(alone.stderr.match(/"level":"warn"/g)).toHaveLength(1)
  expect(alone.stderr).toContain('on one thread')
})

/** Long enough that threads are at work before it ends. */
function many(path: string): string[] {
  return new Array<string>(300).fill(path)
}
