import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { temporaryFolder } from '@card/testing/temporary-folder'
import { Zstd } from '@hpcc-js/wasm-zstd'
import { describe, expect, test } from 'vitest'
import { parseLines, run, start } from '../program.js'

const folder = temporaryFolder('advice')
const zstd = await Zstd.load()
const at = 1_468_244_384
const frames = (count: number, text: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => `${text(i)}\n`).join('')
const good = frames(10, (i) => `{"uid":"u${i}","ts":${at}}`)
const bad = frames(10, () => 'no frame')

describe('when nothing is counted', () => {
  test('the advice comes after the first lines, while the input goes on', async () => {
    const child = await start([])
    let stderr = ''
    const told = new Promise<void>((resolve) => {
      child.stderr!.setEncoding('utf8').on('data', (text: string) => {
        stderr += text
        if (stderr.includes('try --key user')) resolve()
      })
    })
    child.stdin!.write(frames(2000, (i) => `{"user":"u${i}","ts":${at}}`))
    await told
    child.stdin!.end()
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(65)
    // Once.
    expect(stderr.match(/try --key user/g)).toHaveLength(1)
    expect(stderr).toContain('none of the first 1,000 lines could be counted: missing-key 1,000')
  })

  test.each([
    ['gzip', (bytes: Uint8Array) => gzipSync(bytes)],
    ['zstd', (bytes: Uint8Array) => zstd.compress(bytes)],
  ])('text inside %s is made JSON lines behind what decompresses it', async (tool, compress) => {
    const path = join(folder, `array.json.${tool}`)
    const array = compress(Buffer.from(`[{"uid":"a","ts":${at}},{"uid":"b","ts":${at}}]\n`))
    writeFileSync(path, array)
    const command = (file: string) => `try: ${tool} -dc ${file} | jq -c '.[]' | counter-worker\n`
    const ofFile = await run([path])
    expect([ofFile.code, ofFile.stderr]).toEqual([65, expect.stringContaining(command(path))])
    expect((await run([], array)).stderr).toContain(command('FILE'))
    expect((await run(['explain'], array)).stdout).toContain(command('FILE'))
  })

  test('objects of 100 KB are judged whole', async () => {
    const large = frames(20, (i) => `{"userid":"u${i}","ts":${at},"text":"${'x'.repeat(100_000)}"}`)
    const { code, stderr } = await run([], large)
    expect([code, stderr]).toEqual([65, expect.stringContaining('try --key userid: 20 of the first 20')])
    expect(stderr).not.toContain('expected one JSON object')
  })

  test('lines of megabytes are sampled until there are enough bytes', async () => {
    const huge = frames(20, (i) => `{"userid":"u${i}","ts":${at},"text":"${'x'.repeat(900_000)}"}`)
    expect((await run([], huge)).stderr).toContain('try --key userid: 4 of the first 4')
  })

  test('of a line that is too long to be looked at the beginning is shown', async () => {
    const { code, stderr } = await run(['--max-line', '32MiB'], `${'a,'.repeat(8 * 1024 * 1024)}\n`)
    expect([code, stderr]).toEqual([65, expect.stringContaining('byte 0): a,a,a,')])
  }, 20_000)

  test('a line that a terminal would obey is shown without its control characters, and shortened', async () => {
    const { stderr } = await run([], `\u001b[2J\u001b]0;title\u0007${'x'.repeat(500)}\n`)
    expect(stderr).not.toContain('\u001b')
    expect(stderr).toContain('byte 0): \\u001b[2J\\u001b]0;title\\u0007xxx')
    expect(stderr).toContain('xxx…\n')
  })

  test('a stop ends the run by its own code, without a verdict', async () => {
    const child = await start(['--log-level', 'debug'])
    child.stdin!.write(bad)
    await new Promise<void>((resolve) =>
      child.stderr!.on('data', (text: Buffer) => text.includes('reading') && resolve()),
    )
    child.kill('SIGINT')
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(130)
  })
})

describe('when most lines are rejected', () => {
  const named = frames(5000, (i) => `{"user":"u${i}","ts":${at}}`)

  test('the advice comes once, and the run goes on and succeeds', async () => {
    const { code, stderr } = await run([], good.slice(0, 29) + named)
    expect(code).toBe(0)
    expect(stderr).toContain('999 of the first 1,000 lines were rejected: missing-key 999')
    expect(stderr.match(/try --key user:/g)).toHaveLength(1)
  })

  test('of the first thousand lines, the advice does not depend on how a pipe cuts them', async () => {
    const lines = `${frames(1500, () => '[1]')}${good.repeat(1000)}`
    const advised = async (input: string | Uint8Array[]) => {
      const { code, stderr } = await run([], input)
      expect(code).toBe(0)
      return stderr.split('\n').slice(0, 3).join('\n')
    }
    const whole = await advised(lines)
    expect(whole).toContain('none of the first 1,000 lines could be counted: not-object 1,000\n')
    const bytes = Buffer.from(lines)
    const cuts = [3000, 5000, 7000, 30_000, bytes.length]
    expect(await advised(cuts.map((end, i) => bytes.subarray(cuts[i - 1] ?? 0, end)))).toBe(whole)
  })

  test.each(['1', '2'])(
    'on %s threads, few bad lines among the first thousand bring no advice while others follow',
    async (threads) => {
      const lines = good.repeat(60) + frames(1000, () => '[1]')
      const { stderr } = await run(['--threads', threads], lines)
      expect(stderr).toContain('1,000 of the 1,600 lines were rejected: not-object 1,000')
      expect((await run(['--threads', threads], lines + good.repeat(60))).stderr).not.toContain(
        'were rejected:',
      )
    },
  )

  test('half of them is not most of them', async () => {
    const halves = good + frames(10, (i) => `{"user":"u${i}","ts":${at}}`)
    expect((await run([], halves)).stderr).not.toContain('try --key')
    expect((await run([], `${halves}{"user":"u","ts":${at}}\n`)).stderr).toContain('11 of the 21 lines')
  })
})

describe('the exit code at the end of the input', () => {
  test.each([
    ['nothing but blank lines is done', ' \n\n', [], 0],
    ['no line counted', bad, [], 65],
    ['one line counted', bad + good.slice(0, 28), [], 0],
    ['as many rejected as --max-rejects allows', good + bad, ['--max-rejects', '50'], 0],
    ['more rejected than --max-rejects allows', `${good + bad}x\n`, ['--max-rejects', '50'], 65],
    ['blank lines do not count for --max-rejects', `\n\n\n${good}x\n`, ['--max-rejects', '9'], 65],
  ] as const)('%s', async (_, input, flags, expected) => {
    const { code } = await run([...flags], input)
    expect(code).toBe(expected)
  })

  test('results are printed and the sums are written all the same', async () => {
    const summary = join(folder, 'summary.json')
    const { code, stdout, stderr } = await run(['--max-rejects', '0', '--summary', summary], good + bad)
    expect(code).toBe(65)
    expect(parseLines(stdout)).toMatchObject([{ count: 10 }])
    expect(JSON.parse(readFileSync(summary, 'utf8'))).toMatchObject({
      counted: 10,
      rejected: { 'not-json': 10 },
    })
    expect(stderr).toContain('rejected 10 of 20 lines (50 %), more than --max-rejects 0')
  })
})

describe('results that are surely not meant are warned of, once', () => {
  test('windows of 1970', async () => {
    const { code, stderr } = await run(
      ['--time-unit', 'us'],
      frames(400, (i) => `{"uid":"u","ts":${at + i}}`),
    )
    expect(code).toBe(0)
    expect(stderr.match(/most events are in windows of 1970: --time-unit us does not fit/g)).toHaveLength(1)
  })

  test('a single time of 0, even the first, says nothing of the unit of the others', async () => {
    const lines = `{"uid":"a","ts":0}\n${frames(400, (i) => `{"uid":"u${i}","ts":${at + i}}`)}`
    const { stderr } = await run([], lines)
    expect(stderr).toContain('1 event counted in windows of 1970: a time of 0, or a damaged one\n')
    expect(stderr).not.toContain('Unix times')
  })

  test('a group that no frame has', async () => {
    const { stderr } = await run(['--group-by', 'vidoe'], good)
    expect(stderr).toContain('no frame so far has a value at --group-by vidoe')
    expect((await run(['--group-by', 'uid'], good)).stderr).not.toContain('--group-by')
  })

  test('most events in the group of those for which there is no place', async () => {
    const { stderr } = await run(['--group-by', 'uid', '--max-groups', '2'], good)
    expect(stderr).toContain('more than half of the events are in the group __other__')
  })
})

test.each(['1', '2'])(
  'on %s threads, a group called as the one that takes those beyond the limit is warned of, once',
  async (threads) => {
    const grouped = (group: string) => frames(2000, (i) => `{"uid":"u${i}","ts":${at},"g":"${group}"}`)
    const words = ['--group-by', 'g', '--threads', threads]
    const named = await run(words, grouped('a') + grouped('__other__') + grouped('b') + grouped('__other__'))
    expect(named.stderr.match(/frames have a group called __other__/g)).toHaveLength(1)
    // Neither without such frames, where groups overflow, nor where they are rejected.
    const overflowing = await run([...words, '--max-groups', '1'], grouped('a') + grouped('b'))
    expect(parseLines(overflowing.stdout)).toContainEqual(expect.objectContaining({ group: '__other__' }))
    const rejecting = await run([...words, '--group-overflow', 'reject'], grouped('__other__'))
    for (const { stderr } of [overflowing, rejecting]) expect(stderr).not.toContain('frames have a group')
  },
)

test('after a failure of an output every line is in one class', async () => {
  const summary = join(folder, 'failed.json')
  const input = frames(20_000, (i) => (i % 2 === 0 ? `{"uid":"u${i}","ts":${at + i}}` : 'x'.repeat(100)))
  for (const threads of ['1', '2']) {
    const { code, stdout } = await run(
      ['--rejects-file', '/dev/full', '--summary', summary, '--threads', threads],
      input,
    )
    const { lines, counted, blank, rejected, late, windows } = JSON.parse(readFileSync(summary, 'utf8'))
    const of = (sums: object) => Object.values(sums).reduce((sum: number, count: number) => sum + count, 0)
    expect([code, counted + blank + of(rejected) + of(late)]).toEqual([1, lines])
    expect(parseLines(stdout)).toHaveLength(windows)
  }
})
