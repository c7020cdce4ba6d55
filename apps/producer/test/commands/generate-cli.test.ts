import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, linkSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildApp } from '@card/testing'
import { temporaryFolder } from '@card/testing/temporary-folder'
import { beforeAll, describe, expect, test } from 'vitest'
import { recount } from '../model/recount.js'
import { finish } from '../program.js'

let program = ''
const folder = temporaryFolder('generate')
const model = { windows: ['1m', '1h', '1d'], groupField: null, maxLine: 1 << 20 }

beforeAll(async () => {
  program = await buildApp(join(import.meta.dirname, '..', '..'))
})

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
}

const run = (...args: string[]) => finish(start(...args))

test.each([[['--help']], [['version']], [['help', 'count']]])(
  'producer %j ends quietly where the reader of stdout has gone',
  async (words) => {
    const child = start(...words)
    child.stdout!.destroy()
    expect(await finish(child)).toMatchObject({ code: 0, err: '' })
  },
)

describe('producer generate', () => {
  test('writes frames to stdout, a summary to stderr and the truth to its file', async () => {
    const truth = join(folder, 'truth.json')
    const flags = ['--frames', '2500', '--duplicates', '3', '--malformed', '5', '--truth', truth]
    const { code, out, err } = await run('generate', ...flags)
    const counted = recount(out, model)
    expect(code).toBe(0)
    expect(JSON.parse(readFileSync(truth, 'utf8'))).toEqual(counted)
    expect(err).toContain(`2,500 frames, ${counted.lines.toLocaleString('en-US')} lines`)
    expect(err).toContain(`of ${counted.users.toLocaleString('en-US')} users`)
    expect(err).toContain(`not-json ${counted.rejected['not-json']}`)
  })

  test('writes the same bytes to a file as to stdout, for --seconds as for --frames', async () => {
    const file = join(folder, 'frames.jsonl')
    const { out } = await run('generate', '--frames', '3000', '--rate', '1000', '--crlf')
    const { code } = await run('generate', '--seconds', '3', '--rate', '1000', '--crlf', '--out', file)
    expect(code).toBe(0)
    expect(readFileSync(file).equals(out)).toBe(true)
    expect(out.toString().split('\r\n')).toHaveLength(3001)
  })

  test('paces event time against the clock without changing the bytes', async () => {
    const flags = ['generate', '--seconds', '4', '--rate', '100', '--line-length', '64']
    const before = performance.now()
    const paced = await run(...flags, '--pace', '10x')
    // The last frame of four event seconds is due after 3.99 / 10 s; there is no upper bound to test.
    expect(performance.now() - before).toBeGreaterThan(399)
    expect(paced.out.equals((await run(...flags)).out)).toBe(true)
  })
})

describe('bad usage', () => {
  test('exits 64 with one line per problem, all at once', async () => {
    const flags = [
      '--rate',
      '0',
      '--bogus',
      '--start',
      'yesterday',
      '--malformed',
      'rude=1',
      'word',
      '--seed',
    ]
    const { code, out, err } = await run('generate', ...flags)
    expect({ code, out: out.length }).toEqual({ code: 64, out: 0 })
    const lines = err.trimEnd().split('\n')
    expect(lines).toHaveLength(6)
    for (const piece of ['--rate', '--start', '--malformed', '--seed', 'word']) {
      expect(
        lines.some((line) => line.startsWith(`producer: ${piece}: expected `) && line.includes(', found ')),
      ).toBe(true)
    }
    expect(err).toContain('producer: --bogus: unknown flag; producer generate --help lists the flags\n')
  })

  test.each([
    [['generate', '--frames', '5', '--seconds', '5'], '--frames 5 and --seconds 5 both'],
    [['generate', '--thruth', 'f'], 'did you mean "--truth"?'],
    [['genrate'], 'did you mean "generate"?'],
    [['generate', '--malformed', 'bad-group=1'], '--groups'],
    [['generate', '--malformed', 'not-json=60,bad-key=41'], '100'],
    [['generate', '--line-length', '1MiB'], '--max-line'],
    [['generate', '--truth-windows', '1m,60s'], '--truth-windows'],
    [['generate', '--out', '/tmp/x', '--truth', '/tmp/x'], 'different files'],
    [['generate', '--group-field', 'uid'], '--group-field'],
    [['nothing'], 'nothing'],
    [[], 'generate'],
  ])('%j exits 64 and says why', async (args, piece) => {
    const { code, err } = await run(...args)
    expect(code).toBe(64)
    expect(err).toContain(piece)
  })
})

test('frames and truth in one file are refused, whatever its names, before anything is written', async () => {
  const file = join(folder, 'precious')
  writeFileSync(file, 'precious')
  linkSync(file, join(folder, 'link'))
  for (const truth of [join(folder, 'link'), `${folder}/./precious`]) {
    expect((await run('generate', '--out', file, '--truth', truth)).code).toBe(64)
  }
  const absent = await run('generate', '--out', join(folder, 'new'), '--truth', join(folder, '.', 'new'))
  expect([absent.code, absent.err]).toEqual([64, expect.stringContaining('different files')])
  const stdout = openSync(file, 'a')
  const child = spawn(process.execPath, [program, 'generate', '--truth', file], {
    stdio: ['ignore', stdout, 'pipe'],
  })
  closeSync(stdout)
  expect(await finish(child)).toMatchObject({
    code: 64,
    err: 'producer: stdout and --truth: expected two different files, found the same\n',
  })
  expect(readFileSync(file, 'utf8')).toBe('precious')
  // A device takes both.
  const devices = ['--out', '/dev/null', '--truth', '/dev/null']
  expect((await run('generate', '--frames', '1', ...devices)).code).toBe(0)
})

describe('failures and early ends', () => {
  test.each([['--out'], ['--truth']])('%s that cannot be written exits 1 with one line', async (flag) => {
    const { code, err } = await run('generate', '--frames', '1', flag, join(folder, 'no', 'such', 'folder'))
    expect(code).toBe(1)
    expect(err.trimEnd().split('\n')).toHaveLength(1)
    expect(err).toContain('no such file or directory')
  })

  test('--out that is a pipe is refused, since a pipe that nobody reads could not be left', async () => {
    const pipe = join(folder, 'pipe')
    const makePipe = 'mkfifo'
    execFileSync(makePipe, [pipe])
    const { code, err } = await run('generate', '--frames', '1', '--out', pipe)
    expect(code).toBe(1)
    expect(err).toContain('write to stdout instead')
  })

  test('a closed stdout pipe ends it quietly with 0', async () => {
    const child = start('generate', '--frames', '1000000000')
    child.stdout?.once('data', () => child.stdout?.destroy())
    expect(await finish(child)).toMatchObject({ code: 0, err: '' })
  })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '%s ends it with %i, on a whole line, with the truth of what was sent',
    async (signal, code) => {
      const truth = join(folder, `${signal}.json`)
      const child = start('generate', '--frames', '1000000000', '--truth', truth)
      child.stdout?.once('data', () => child.kill(signal))
      const finished = await finish(child)
      expect(finished.code).toBe(code)
      expect(finished.err).toContain('interrupted')
      expect(finished.out.at(-1)).toBe(10)
      expect(JSON.parse(readFileSync(truth, 'utf8'))).toEqual(recount(finished.out, model))
    },
  )

  // One write of at least 8 MiB, far more than a pipe takes: once its first bytes have come, it cannot end.
  const unread = ['--frames', '1000', '--malformed', 'too-long=100', '--max-line', '8MiB']

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('a second %s ends it at once with %i although nobody reads', async (signal, code) => {
    const child = start('generate', ...unread)
    let err = ''
    child.stderr?.on('data', (piece) => {
      err += piece
    })
    await once(child.stdout!, 'readable')
    // Signals that come before the first was handled count as one, so they are repeated until the end.
    const repeat = setInterval(() => child.kill(signal), 10)
    const [exitCode] = (await once(child, 'exit')) as [number | null]
    clearInterval(repeat)
    expect({ exitCode, err }).toEqual({ exitCode: code, err: '' })
  })

  test('a signal while nobody reads ends it too, and says that the last line may be cut', async () => {
    const child = start('generate', ...unread)
    let err = ''
    child.stderr?.on('data', (piece) => {
      err += piece
    })
    await once(child.stdout!, 'readable')
    child.kill('SIGINT')
    const [code] = (await once(child, 'exit')) as [number | null]
    expect(code).toBe(130)
    expect(err).toContain('last line may be cut')
  })

  test('a signal during pacing does not wait for the next frame', async () => {
    const child = start('generate', '--frames', '10', '--rate', '0.001', '--pace', '1x')
    child.stdout?.once('data', () => child.kill('SIGTERM'))
    const { code, out } = await finish(child)
    expect(code).toBe(143)
    expect(out.toString().split('\n')).toHaveLength(2)
  })
})
