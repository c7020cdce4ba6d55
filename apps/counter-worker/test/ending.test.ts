import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { temporaryFolder } from '@card/testing/temporary-folder'
import { describe, expect, test, vi } from 'vitest'
import { collect, parseLines, start as startWith } from './program.js'

const folder = temporaryFolder('ending')

/** Five minutes of frames, so that four windows are final and the fifth is open. */
const frames = Array.from(
  { length: 300 },
  (_, second) => `{"uid":"u${second}","ts":${1_468_244_400 + second}}\n`,
).join('')

describe.each(['1', '2'])('with --threads %s', (threads) => {
  const start = (args: readonly string[]) => startWith(args, { env: { CARD_THREADS: threads } })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '%s stops reading: open windows are not printed but counted as unfinished, exit %d',
    async (signal, code) => {
      const summary = join(folder, `${signal}-${threads}.json`)
      const child = await start(['--summary', summary, '--late-file', join(folder, `${signal}-${threads}`)])
      const ended = collect(child)
      let finals = 0
      const published = new Promise<void>((resolve) => {
        child.stdout!.on('data', (text: string) => {
          finals += text.split('\n').length - 1
          if (finals === 4) resolve()
        })
      })
      // Two frames are held when the signal comes; the frames after the first contradict it.
      const held = ['far', 'last'].map((uid) => `{"uid":"${uid}","ts":2000000000}\n`)
      const half = frames.indexOf('\n', frames.length / 2) + 1
      child.stdin!.write(`${frames.slice(0, half)}${held[0]}${frames.slice(half)}${held[1]}{"uid":"cut`)
      await published
      child.kill(signal)
      const run = await ended
      expect([run.code, run.signal]).toEqual([code, null])
      expect(parseLines(run.stdout)).toHaveLength(4)
      expect(JSON.parse(readFileSync(summary, 'utf8'))).toMatchObject({
        lines: 302,
        counted: 301,
        late: { ahead: 1 },
        unfinished: 2,
        windows: 4,
      })
      expect(parseLines(readFileSync(join(folder, `${signal}-${threads}`), 'utf8'))).toEqual([
        { action: 'ahead', source: '-', offset: half, line: '{"uid":"far","ts":2000000000}' },
      ])
    },
  )

  test('frames that nothing has contradicted count before the end of a truncated file', async () => {
    const file = join(folder, `truncated-${threads}.jsonl.gz`)
    writeFileSync(file, gzipSync('{"uid":"a","ts":1468244400}\n').subarray(0, -4))
    const summary = join(folder, `truncated-${threads}.json`)
    const { code, stderr } = await collect(await start([file, '--summary', summary]))
    expect([code, JSON.parse(readFileSync(summary, 'utf8'))]).toMatchObject([
      1,
      { lines: 1, counted: 1, late: {}, unfinished: 1, windows: 0 },
    ])
    expect(stderr).not.toContain('too far ahead')
  })

  test('the second signal ends the program at once, although nobody reads its output', async () => {
    const child = await start(['--windows', '1s', '--max-ahead', 'off'])
    const ended = new Promise((resolve) => child.on('exit', (code) => resolve(code)))
    // Nobody reads stdout: the program is soon waiting for room in the pipe.
    child.stdin!.on('error', () => {})
    // More than the memory that threads share.
    for (let i = 0; i < 1000; i++) {
      child.stdin!.write(frames.replaceAll('14682', String(14682 + i)))
    }
    await new Promise((resolve) => child.stdout!.once('readable', resolve))
    // What it writes is bounded by the pipe, so what it reads is bounded, too.
    expect(child.stdin!.writableLength).toBeGreaterThan(0)
    child.kill('SIGINT')
    let again = 0
    const timer = setInterval(() => {
      again++
      child.kill('SIGINT')
    }, 100)
    expect(await ended).toBe(130)
    clearInterval(timer)
    expect(again).toBeGreaterThan(0)
  })

  test('a closed stdout pipe ends the program quietly with 0', async () => {
    const child = await start(['--windows', '1s', '--max-ahead', 'off'])
    let stderr = ''
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve([code, signal])))
    child.stdin!.on('error', () => {})
    child.stdout!.once('data', () => {
      child.stdout!.destroy()
      child.stdin!.write(frames.replaceAll('14682', '14683'))
    })
    child.stdin!.write(frames)
    expect(await ended).toEqual([0, null])
    expect(stderr).toBe('')
  })

  test('a pipe that is closed before the last results ends the program quietly with 0, too', async () => {
    const child = await start(['--windows', '1s', '--out-of-order', '1000d', '--max-ahead', 'off'])
    let stderr = ''
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve([code, signal])))
    child.stdout!.destroy()
    child.stdin!.end(frames)
    expect(await ended).toEqual([0, null])
    expect(stderr).toBe('')
  })

  test('a reader that is slow gets every result', async () => {
    const child = await start(['--windows', '1s', '--out-of-order', '1000d', '--max-ahead', 'off'])
    const many = Array.from(
      { length: 20_000 },
      (_, second) => `{"uid":"u","ts":${1_468_244_400 + second}}\n`,
    ).join('')
    child.stdin!.end(many)
    await new Promise((resolve) => child.stdout!.once('readable', resolve))
    // Our buffer is full and takes no more: what is left, some megabytes, is more than a pipe holds.
    const { stdout } = child
    await vi.waitUntil(() => stdout!.readableLength >= stdout!.readableHighWaterMark, { timeout: 10_000 })
    const run = await collect(child)
    expect(run.code).toBe(0)
    expect(parseLines(run.stdout)).toHaveLength(20_000)
  })

  describe('a named pipe', () => {
    test('is read to the end of its writer, like stdin', async () => {
      const pipe = join(folder, `pipe-${threads}`)
      spawnSync('mkfifo', [pipe])
      const child = await start([pipe])
      const ended = collect(child)
      // Opens when the program does, writes, and is gone.
      const writer = spawn('sh', ['-c', `cat > '${pipe}'`], { stdio: ['pipe', 'ignore', 'ignore'] })
      writer.stdin.end(frames)
      expect(parseLines((await ended).stdout)).toHaveLength(5)
    })

    test('that nobody writes to does not keep a signal from ending the program', async () => {
      const pipe = join(folder, `silent-${threads}`)
      spawnSync('mkfifo', [pipe])
      const child = await start([pipe, '--log-level', 'debug'])
      const ended = collect(child)
      await new Promise<void>((resolve) => {
        child.stderr!.on('data', (text: string) => {
          if (text.includes('reading')) resolve()
        })
      })
      child.kill('SIGTERM')
      expect((await ended).code).toBe(143)
    })
  })
})
