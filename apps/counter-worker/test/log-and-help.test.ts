import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { collect, parseLines, program, run, start } from './program.js'

const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`

test('JSON lines have a time in ISO 8601 and the name of the level', async () => {
  const { stderr } = await run(['--http', '127.0.0.1:0'])
  const line = JSON.parse(stderr.split('\n')[0]!)
  expect(line).toMatchObject({
    level: 'info',
    name: 'counter-worker',
    msg: expect.stringContaining('serving'),
  })
  expect(line.time).toMatch(new RegExp(`^${time}$`))
  expect(line.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
})

test('text lines are for people, with the fields behind the message', async () => {
  const { stderr } = await run(['--http', '127.0.0.1:0', '--log-format', 'text'])
  expect(stderr.split('\n')[0]).toMatch(
    new RegExp(`^${time} INFO  serving .* url=http://127\\.0\\.0\\.1:\\d+$`),
  )
})

test('with --log-format json everything on stderr of a run over files is a JSON line: warnings, advice, sums, errors', async () => {
  const json = ['--log-format', 'json']
  const lines = async (words: string[], input: string) => {
    const { code, stderr } = await run([...json, ...words], input)
    return { code, lines: parseLines<Record<string, unknown>>(stderr) }
  }
  const rejected = await lines([], '{"user":"a","ts":1468244384}\n{"user":"b","ts":1468244384}\n')
  expect(rejected).toMatchObject({
    code: 65,
    lines: [
      {
        level: 'warn',
        msg: 'none of the 2 lines could be counted',
        lines: 2,
        reasons: 'missing-key 2',
        remedies: [expect.stringMatching(/^try --key user:/)],
      },
      { level: 'info', lines: 2, counted: 0, rejected: { 'missing-key': 2 }, windows: 0 },
      { level: 'warn', msg: 'none of the 2 lines was counted' },
    ],
  })
  expect(await lines(['missing.jsonl'], '')).toMatchObject({
    code: 1,
    lines: [
      { level: 'error', exitCode: 1, msg: expect.stringContaining('cannot read missing.jsonl: ENOENT') },
    ],
  })
  // Why it ends is said even where nothing is to be logged.
  const silent = await run([...json, '--log-level', 'silent', 'missing.jsonl'])
  expect(silent.stderr).toContain('counter-worker: cannot read missing.jsonl')
})

test('the address that is logged is the one that is listened on', async () => {
  for (const [given, url] of [
    ['0.0.0.0:0', /^http:\/\/0\.0\.0\.0:\d+$/],
    ['[::1]:0', /^http:\/\/\[::1\]:\d+$/],
  ] as const) {
    const { stderr } = await run(['--http', given])
    expect(JSON.parse(stderr.split('\n')[0]!).url).toMatch(url)
  }
})

test('a level below the threshold is not written', async () => {
  expect((await run(['--http', '127.0.0.1:0', '--log-level', 'error'])).stderr).not.toContain('serving')
})

test('--help and --version answer on stdout, also as words', async () => {
  const path = await program()
  const answer = (...words: string[]) =>
    spawnSync(process.execPath, [path, ...words], { encoding: 'utf8', cwd: '/' }).stdout
  expect(answer('help')).toBe(answer('--help'))
  expect(answer('help', 'config')).toBe(answer('config', '--help'))
  expect(answer('version')).toBe(answer('--version'))
})

test.each([
  [['--help']],
  [['help', 'explain']],
  [['--version']],
  [['version']],
  [['config']],
  [['explain', '-']],
])('%j ends quietly where the reader of stdout has gone', async (words) => {
  const child = await start(words)
  child.stdout!.destroy()
  const ended = collect(child)
  child.stdin!.end('{"uid":"u","ts":1468244384}\n')
  expect(await ended).toMatchObject({ code: 0, stderr: '' })
})

test('a message whose reader has gone does not change how a run ends', async () => {
  const child = await start(['--windows', 'x'])
  child.stderr!.destroy()
  expect((await collect(child)).code).toBe(64)
})

test('a mistyped command is refused with what may have been meant, unless it is a file', async () => {
  const { code, stderr } = await run(['cnofig'], '', { cwd: '/' })
  expect([code, stderr]).toEqual([64, expect.stringContaining('did you mean "config"?')])
  expect((await run(['./cnofig'], '', { cwd: '/' })).code).toBe(1)
})
