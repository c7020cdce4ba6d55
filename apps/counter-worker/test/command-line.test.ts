import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, linkSync, openSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { temporaryFolder } from '@card/testing/temporary-folder'
import { describe, expect, test } from 'vitest'
import { parseLines, program, run } from './program.js'

const folder = temporaryFolder('command-line')
const frame = (uid: string, ts: number, rest = '') => `{"uid":"${uid}","ts":${ts}${rest}}\n`

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

describe('exit codes', () => {
  test('an empty input is done: no result, a summary of zeros', async () => {
    const summary = join(folder, 'empty.json')
    const { code, stdout } = await run(['--summary', summary])
    expect([code, stdout]).toEqual([0, ''])
    expect(JSON.parse(readFileSync(summary, 'utf8'))).toEqual({
      lines: 0,
      bytes: 0,
      blank: 0,
      counted: 0,
      rejected: {},
      late: {},
      unfinished: 0,
      fallbacks: 0,
      windows: 0,
    })
  })

  test('a bad flag exits with 64, a bad variable with 78, each with a line on stderr and nothing on stdout', async () => {
    const flag = await run(['--windows', '2d', '--lateness', 'never'])
    expect([flag.code, flag.stdout]).toEqual([64, ''])
    expect(flag.stderr.trim().split('\n')).toHaveLength(2)
    expect((await run(['--no-such-flag'])).code).toBe(64)
    const variable = await run([], '', { env: { CARD_PRECISION: '2' } })
    expect([variable.code, variable.stdout]).toEqual([78, ''])
    expect(variable.stderr).toBe(
      'counter-worker: CARD_PRECISION: expected a whole number from 3 to 26, found "2"\n',
    )
  })

  test.each([
    ['a file that is missing', () => [join(folder, 'missing.jsonl')], 'no such file'],
    ['a directory', () => [folder], 'directory'],
    ['damaged gzip', () => [file('damaged.gz', gzipSync('x'.repeat(5000)).fill(7, 20, 30))], 'cannot read'],
    [
      'gzip that is cut short',
      () => [file('cut.gz', gzipSync(frame('a', 1).repeat(500)).subarray(0, 40))],
      'cannot read',
    ],
    [
      'gzip with other bytes behind zeros',
      () => [file('tail.gz', Buffer.concat([gzipSync(frame('a', 1)), Buffer.of(0, 0, 0x8b)]))],
      'cannot read',
    ],
    [
      'a second gzip member without its first byte',
      () => [
        file('member.gz', Buffer.concat([gzipSync(frame('a', 1)), gzipSync(frame('b', 1)).fill(0, 0, 1)])),
      ],
      'cannot read',
    ],
    ['an output folder that is missing', () => ['--late-file', join(folder, 'no', 'late')], 'cannot write'],
    ['a summary that is a directory', () => ['--summary', folder], 'cannot write'],
    [
      'a summary in a folder that is missing',
      () => ['--summary', join(folder, 'no', 'summary'), file('unread.jsonl', frame('a', 1))],
      'cannot write',
    ],
  ])('%s exits with 1 and one line that names it', async (_, args, words) => {
    const { code, stdout, stderr } = await run(args())
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(new RegExp(`counter-worker: .*${words}`))
    expect(stderr).not.toMatch(/\n\s+at /)
  })
})

describe('inputs and outputs', () => {
  test('one file for two things is refused before anything is written', async () => {
    const input = file('precious.jsonl', frame('a', 1))
    for (const name of ['--late-file', '--rejects-file', '--summary']) {
      const { code, stderr } = await run([input, name, join(folder, '.', 'precious.jsonl')])
      expect([code, stderr]).toEqual([64, expect.stringContaining('is also the input')])
    }
    const [one, other] = [join(folder, 'one'), join(folder, 'nothing', '..', 'one')]
    expect((await run(['--late-file', one, '--summary', one, other])).code).toBe(64)
    expect(readFileSync(input, 'utf8')).toBe(frame('a', 1))
  })

  test('one file under two names is one file: links and redirections are refused, too', async () => {
    const input = file('linked.jsonl', frame('a', 1))
    const [hard, soft] = [join(folder, 'hard.jsonl'), join(folder, 'soft.jsonl')]
    linkSync(input, hard)
    symlinkSync(input, soft)
    for (const link of [hard, soft]) expect((await run([input, '--late-file', link])).code).toBe(64)
    const redirected = async (args: string[], stdin: string, stdout: string, mode: string) => {
      const [from, to] = [openSync(stdin, 'r'), openSync(stdout, mode)]
      const result = spawnSync(process.execPath, [await program(), ...args], {
        stdio: [from, to, 'pipe'],
        encoding: 'utf8',
      })
      for (const descriptor of [from, to]) closeSync(descriptor)
      return [result.status, result.stderr]
    }
    expect(await redirected(['--late-file', input], input, '/dev/null', 'w')).toEqual([
      64,
      `counter-worker: --late-file ${input} is also the input (stdin): name another file\n`,
    ])
    // Each result would be a frame to read: the run would have no end.
    for (const [args, stdin] of [
      [[input], '/dev/null'],
      [[], input],
    ] as const) {
      const [status, stderr] = await redirected([...args], stdin, input, 'a')
      expect([status, stderr]).toEqual([64, expect.stringContaining('stdout is also the input')])
    }
    const out = join(folder, 'out')
    expect((await redirected(['--summary', out], '/dev/null', out, 'w'))[0]).toBe(64)
    expect(readFileSync(input, 'utf8')).toBe(frame('a', 1))
    // The same input twice is read twice, and devices take anything.
    expect((await run([input, input, '--late-file', '/dev/null', '--summary', '/dev/null'])).code).toBe(0)
  })

  test('a full disk is reported once for each output, and what can be written is', async () => {
    const far = Array.from({ length: 440 }, (_, i) =>
      frame('far', 2e9 + i * 1e5, `,"x":"${'x'.repeat(30_000)}"`),
    )
    const input = file(
      'far.jsonl',
      Array.from({ length: 300 }, (_, i) => frame(`u${i}`, 60 * i)).join('') +
        // The frame after the first 40 contradicts them: they leave as late when the run ends.
        far.slice(0, 40).join('') +
        frame('u', 60 * 299) +
        far.slice(40).join(''),
    )
    const [late, summary] = [join(folder, 'full-late'), join(folder, 'full-summary')]
    // A file larger than this many KB is refused to the program, as on a full disk.
    const limited = spawnSync('sh', [
      ...['-c', 'ulimit -f 1000; exec "$0" "$@"', process.execPath, await program(), input],
      ...['--max-ahead', '1h', '--late-file', late, '--summary', summary],
    ])
    const problems = limited.stderr
      .toString()
      .split('\n')
      .filter((line) => line.startsWith('counter-worker: cannot'))
    expect([limited.status, problems.sort()]).toEqual([
      1,
      [expect.stringContaining('cannot store held lines'), expect.stringContaining(`cannot write ${late}`)],
    ])
    const sums = JSON.parse(readFileSync(summary, 'utf8'))
    // Every frame of the batch in which the disk was full is in one class.
    expect(sums.counted + sums.late.ahead).toBe(sums.lines)
    expect(sums.late).toEqual({ ahead: 40 })
    expect(sums.unfinished).toBeGreaterThan(0)
    expect(parseLines(limited.stdout.toString())).toHaveLength(sums.windows)
  })

  test.skipIf(!existsSync('/dev/full')).each([
    // More than is gathered before it is written: the failure comes while the writer waits for the disk.
    ['of few results', 1],
    ['of many results', 2000],
  ])(
    'stdout that is full is a failure, and the sums say that no result was written: %s',
    async (_, users) => {
      const summary = join(folder, `stdout-full-${users}`)
      const full = openSync('/dev/full', 'w')
      const input = file('full.jsonl', Array.from({ length: users }, (_, i) => frame(`u${i}`, 60)).join(''))
      const words = [input, '--group-by', 'uid', '--summary', summary, '--rejects-file', '/dev/full']
      const { status, stderr } = spawnSync(process.execPath, [await program(), ...words], {
        stdio: ['ignore', full, 'pipe'],
        encoding: 'utf8',
      })
      closeSync(full)
      expect([status, stderr]).toEqual([1, expect.stringContaining('cannot write stdout: ENOSPC')])
      expect(JSON.parse(readFileSync(summary, 'utf8'))).toMatchObject({
        counted: users,
        windows: 0,
        unfinished: users,
      })
    },
  )

  test('what was published before a failure is written, and the sums are', async () => {
    const input = file('before.jsonl', [0, 60, 120, 180].map((ts, i) => frame(`u${i}`, ts)).join(''))
    const summary = join(folder, 'failed.json')
    const args = ['--max-ahead', 'off', '--out-of-order', '0s', '--summary', summary]
    const cut = file('cut-behind.jsonl.gz', gzipSync(frame('a', 1)).subarray(0, 30))
    const { code, stdout, stderr } = await run([input, cut, ...args])
    expect([code, stderr]).toEqual([1, expect.stringContaining('cut-behind.jsonl.gz')])
    expect(parseLines(stdout)).toHaveLength(3)
    expect(JSON.parse(readFileSync(summary, 'utf8'))).toMatchObject({
      // The last one came out of the file before it was cut.
      lines: 5,
      counted: 4,
      late: { dropped: 1 },
      unfinished: 1,
      windows: 3,
    })
  })

  test('a directory on stdin is unreadable', async () => {
    const descriptor = openSync(folder, 'r')
    const { status, stderr } = spawnSync(process.execPath, [await program()], {
      stdio: [descriptor, 'pipe', 'pipe'],
    })
    closeSync(descriptor)
    expect([status, stderr.toString()]).toEqual([1, 'counter-worker: cannot read stdin: it is a directory\n'])
  })

  test('a rejected line of control characters, too long to be escaped, is written as base64', async () => {
    const rejects = join(folder, 'control')
    const line = Buffer.alloc(100 * 1024 * 1024, 1)
    const { code } = await run(['--max-line', '128MiB', '--rejects-file', rejects], [line, Buffer.from('\n')])
    expect(code).toBe(65)
    const text = readFileSync(rejects, 'latin1')
    expect(text.startsWith('{"reason":"not-json","source":"-","offset":0,"lineBase64":"AQEB')).toBe(true)
  })

  test('a full bitmap has no upper bound, of which a warning tells once', async () => {
    const frames = [1000, 2000].flatMap((ts) =>
      Array.from({ length: 3_000 }, (_, i) => frame(`user ${i}`, ts)),
    )
    const words = ['--estimator', 'linear', '--expected', '10', '--error', '30']
    const { code, stdout, stderr } = await run(words, frames.join(''))
    const full = { estimator: 'linear', upper: null }
    expect([code, parseLines(stdout)]).toMatchObject([0, [full, full]])
    expect(stderr.match(/--expected 10 is too small/g)).toHaveLength(1)
    expect(stderr).toContain('upper is null (unbounded)')
    expect((await run(words, frame('a', 1000))).stderr).not.toContain('too small')
  })
})

describe('config', () => {
  test('takes flags before and behind the word', async () => {
    const { stdout } = await run(['--windows', '1h', '--lateness', '1m', 'config', '--lateness', '2m'])
    expect(stdout).toContain(
      `# time-zone data: ${process.versions.tz} (IANA, of Node ${process.versions.node})`,
    )
    expect(stdout).toContain('windows: 1h # --windows\n')
    expect(stdout).toContain('lateness: 2m # --lateness\n')
  })

  test('prints each value with its source, and inputs', async () => {
    const config = file('config.yaml', 'lateness: 1m\n')
    const { code, stdout } = await run(['config', '--config', config, '--windows', '1m,1h', 'a.jsonl'], '', {
      env: { CARD_FORMAT: 'csv' },
    })
    expect(code).toBe(0)
    expect(stdout).toContain('windows: 1m,1h # --windows\n')
    expect(stdout).toContain('format: csv # CARD_FORMAT\n')
    expect(stdout).toContain(`lateness: 1m # file ${config}: lateness\n`)
    expect(stdout).toContain('max-ahead: 5s # default\n')
    expect(stdout).toContain('files: ["a.jsonl"]\n')
  })

  test('--check exits with 0 when everything can be opened and with 78 naming all that cannot', async () => {
    const input = file('input.jsonl', frame('a', 1))
    expect((await run(['config', '--check', input, '--late-file', join(folder, 'late')])).code).toBe(0)
    const bad = await run([
      'config',
      '--check',
      join(folder, 'no.jsonl'),
      '--summary',
      join(folder, 'no', 's'),
    ])
    expect(bad.code).toBe(78)
    expect(bad.stderr.trim().split('\n')).toHaveLength(2)
  })
})

describe('refused lines', () => {
  test('go to files with reason or action, source, offset and the line; bytes that are no UTF-8 as base64', async () => {
    const [late, rejects, summary] = ['late', 'rejects', 'sums'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ]
    const lines = [
      ...Array.from({ length: 3 }, (_, i) => frame(`user ${i}`, 1000)),
      frame('b', 1200),
      frame('a', 1200),
      frame('é', 1000, ',"z":1'),
      frame('c', 99_999),
      frame('d', 1201),
      'broken\n',
    ]
    const input = Buffer.concat([Buffer.from(lines.join('')), Buffer.from([0x7b, 0xff, 0x0a])])
    const args = ['--late-file', late, '--rejects-file', rejects, '--summary', summary, '--max-ahead', '10m']
    const { code, stderr } = await run(args, input)
    expect(code).toBe(0)
    const offset = (line: string) => Buffer.byteLength(lines.slice(0, lines.indexOf(line)).join(''))
    expect(parseLines(readFileSync(late, 'utf8'))).toEqual([
      { action: 'file', source: '-', offset: offset(lines[5]!), line: lines[5]!.trim() },
      { action: 'ahead', source: '-', offset: offset(lines[6]!), line: lines[6]!.trim() },
    ])
    expect(parseLines(readFileSync(rejects, 'utf8'))).toEqual([
      { reason: 'not-json', source: '-', offset: offset('broken\n'), line: 'broken' },
      { reason: 'not-json', source: '-', offset: input.length - 3, lineBase64: 'e/8=' },
    ])
    expect(JSON.parse(readFileSync(summary, 'utf8'))).toMatchObject({
      lines: 10,
      counted: 6,
      rejected: { 'not-json': 2 },
      late: { file: 1, ahead: 1 },
    })
    expect(stderr).toContain('1 frame was too far ahead of all others and not counted; --max-ahead off')
    // An example, while it is read: the frame that is held.
    expect(stderr).toContain(
      `counter-worker: -: a frame of 1970-01-02T03:46:39.000Z is far ahead of all others`,
    )
    expect(stderr).toContain(`offset ${offset(lines[6]!)}: ${lines[6]!.trim()}`)
  })
})

test('several files are read as cat would: a BOM is skipped at each start, an unended last line is a line', async () => {
  const [first, second, third] = [
    file('one.jsonl', `\ufeff${frame('a', 1)}broken`),
    file('two.jsonl', gzipSync(`\ufeff${frame('b', 2).trim()}`)),
    file('three.jsonl', `${frame('c', 3).replace('\n', '\r\n')}\ufeff${frame('d', 4)}\n \t`),
  ]
  const empty = file('empty.jsonl', '')
  const [rejects, summary] = [join(folder, 'several-rejects'), join(folder, 'several')]
  const args = [first, empty, second, third, '--rejects-file', rejects, '--summary', summary]
  expect(parseLines((await run(args)).stdout)).toMatchObject([{ count: 3, events: 3 }])
  // Offsets are those in each source itself, its BOM counted.
  expect(parseLines(readFileSync(rejects, 'utf8'))).toEqual([
    { reason: 'not-json', source: first, offset: 3 + frame('a', 1).length, line: 'broken' },
    {
      reason: 'not-json',
      source: third,
      offset: frame('c', 3).length + 1,
      line: `\ufeff${frame('d', 4).trim()}`,
    },
  ])
  expect(JSON.parse(readFileSync(summary, 'utf8'))).toMatchObject({
    lines: 7,
    blank: 2,
    counted: 3,
    rejected: { 'not-json': 2 },
  })
})

describe('formats and panes', () => {
  const input = [0, 10, 70, 20, 140, 3700].map((ts, i) => frame(`u${i}`, ts)).join('')
  const args = ['--out-of-order', '0s', '--lateness', '2m', '--max-ahead', 'off']

  test('a late frame within the lateness corrects the final result', async () => {
    const lines = parseLines<Record<string, unknown>>((await run(args, input)).stdout)
    expect(lines.map(({ start, count, pane, revision }) => [start, count, pane, revision])).toEqual([
      ['1970-01-01T00:00:00.000Z', 2, 'final', 0],
      ['1970-01-01T00:01:00.000Z', 1, 'final', 0],
      ['1970-01-01T00:00:00.000Z', 3, 'corrected', 1],
      ['1970-01-01T00:02:00.000Z', 1, 'final', 0],
      ['1970-01-01T01:01:00.000Z', 1, 'final', 0],
    ])
  })

  test('CSV and NDJSON say the same', async () => {
    const csv = (await run([...args, '--format', 'csv'], input)).stdout.trim().split('\n')
    const lines = parseLines<Record<string, unknown>>((await run(args, input)).stdout)
    expect(csv[0]!.split(',')).toEqual(Object.keys(lines[0]!))
    expect(csv.slice(1)).toEqual(
      lines.map((line) =>
        Object.values(line)
          .map((value) => value ?? '')
          .join(','),
      ),
    )
  })

  test('groups are printed as text, null first, others beyond the cap together', async () => {
    const grouped = [
      ['b', 1],
      ['"x"', 2],
      ['7', 3],
      ['null', 4],
      ['true', 5],
    ]
      .map(([group, ts]) => frame(`u${ts}`, Number(ts), `,"video":${group === 'b' ? '"b"' : group}`))
      .join('')
    const groups = async (...more: string[]) =>
      parseLines<{ group: string | null }>((await run(['--group-by', 'video', ...more], grouped)).stdout).map(
        ({ group }) => group,
      )
    expect(await groups()).toEqual([null, '7', 'b', 'true', 'x'])
    expect(await groups('--max-groups', '2')).toEqual([null, '__other__', 'b', 'x'])
    expect(await groups('--max-groups', '2', '--group-overflow', 'reject')).toEqual([null, 'b', 'x'])
  })

  test('calendar sizes run from midnight to midnight of the time zone, also when the clocks change', async () => {
    const at = [
      '2016-03-26T22:59:59Z',
      '2016-03-26T23:00:00Z',
      '2016-03-27T21:59:59Z',
      '2016-03-27T22:00:00Z',
    ]
    const frames = at.map((iso, i) => frame(`u${i}`, Date.parse(iso) / 1000)).join('')
    const { stdout } = await run(
      ['--windows', '1d,1w,1M,1q,1y', '--timezone', 'Europe/Berlin', '--max-ahead', 'off'],
      frames,
    )
    const lines = parseLines<Record<string, unknown>>(stdout)
    expect(lines.filter(({ window }) => window === '1d').map(({ start, count }) => [start, count])).toEqual([
      ['2016-03-25T23:00:00.000Z', 1],
      ['2016-03-26T23:00:00.000Z', 2],
      ['2016-03-27T22:00:00.000Z', 1],
    ])
    expect(lines.find(({ window }) => window === '1M')).toMatchObject({
      start: '2016-02-29T23:00:00.000Z',
      end: '2016-03-31T22:00:00.000Z',
      count: 4,
    })
    expect(new Set(lines.map(({ window }) => window))).toEqual(new Set(['1d', '1w', '1M', '1q', '1y']))
  })

  test('trusted input is read no further than its last wanted key, strict input to its end', async () => {
    const lines = `${'{"uid":"a","ts":1000,"x":broken}\n{"uid":"b","ts":1000}\n{"uid":"c","ts":1000,"uid":"b"}\n'}`
    const counts = async (mode: string) =>
      parseLines<{ count: number; events: number }>((await run(['--json', mode], lines)).stdout).map(
        ({ count, events }) => [count, events],
      )
    expect(await counts('strict')).toEqual([[1, 2]])
    expect(await counts('trusted')).toEqual([[3, 3]])
  })

  test('each estimator counts within its bounds, sized by error or by expected users', async () => {
    const frames = Array.from({ length: 5_000 }, (_, i) => frame(`user ${i}`, 1000)).join('')
    for (const [estimator, ...size] of [
      ['auto', '--exact-limit', '100', '--error', '2'],
      ['exact'],
      ['linear', '--expected', '5000', '--error', '2'],
      ['hll', '--error', '2'],
      ['ull', '--error', '2'],
      ['ull', '--precision', '10'],
    ] as const) {
      const [line] = parseLines<{ count: number; lower: number; upper: number; estimator: string }>(
        (await run(['--estimator', estimator, ...size], frames)).stdout,
      )
      expect(line!.estimator).toBe(estimator === 'auto' ? 'hll' : estimator)
      expect(line!.lower).toBeLessThanOrEqual(5_000)
      expect(line!.upper).toBeGreaterThanOrEqual(5_000)
      expect(Math.abs(line!.count - 5_000)).toBeLessThan(500)
    }
  })

  test('early results come by the wall clock while the input is silent, and the final one follows', async () => {
    const { start } = await import('./program.js')
    const child = await start(['--early', '20ms', '--max-ahead', 'off'])
    let stdout = ''
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stdin!.write(frame('a', 1) + frame('b', 2))
    await expect.poll(() => stdout.split('\n').length, { timeout: 20_000 }).toBe(2)
    child.stdin!.end(frame('c', 3))
    await new Promise((resolve) => child.on('close', resolve))
    const lines = parseLines<{ pane: string; count: number; revision: number }>(stdout)
    expect(lines[0]).toMatchObject({ pane: 'early', count: 2, revision: 0 })
    expect(lines.at(-1)).toMatchObject({ pane: 'final', count: 3, revision: lines.length - 1 })
  })
})

test('an engine without WebAssembly gives the same results and says once that it is slower', async () => {
  const input = Array.from({ length: 200 }, (_, i) => frame(`u${i % 50}`, i)).join('')
  const plain = await run(['--windows', '1m'], input)
  const jitless = spawnSync(process.execPath, ['--jitless', await program(), '--windows', '1m'], {
    input,
    encoding: 'utf8',
  })
  expect([jitless.status, jitless.stdout]).toEqual([0, plain.stdout])
  expect(jitless.stderr.match(/no WebAssembly SIMD/g)).toHaveLength(1)
  expect(plain.stderr).not.toContain('SIMD')
})
