import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { temporaryFolder } from '@card/testing/temporary-folder'
import { beforeAll, expect, test } from 'vitest'
import { finish, Program } from '../program.js'
import { describeKafka, newName, newTopic, rowsOf, topicFlags } from './broker.js'

const folder = temporaryFolder('replay')
let producer: Program

beforeAll(async () => {
  producer = await Program.build()
})

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const values = (rows: { value: string }[]) => rows.map(({ value }) => value)

describeKafka('replay', () => {
  test('sends lines as they are, keyed by their frames; malformed ones without a key, blank ones not at all', async () => {
    const sent: [line: string, key: string | null][] = [
      ['{"uid":"a","ts":1468244384}', 'a'],
      ['{"ts":1468244384,"uid":"\\u0430\\n"}', 'а\n'],
      ['{"uid":-0,"ts":1}', '0'],
      ['{"uid":12345678901234567890,"ts":1}', '12345678901234567890'],
      ['{"uid":"a","ts":1,"uid":"b"}  ', 'b'],
      ['{"uid":"a"', null],
      ['["a"]', null],
      ['{"uid":"no time"}', null],
      ['{"uid":true,"ts":1}', null],
      [`{"uid":"long","ts":1,"x":"${'x'.repeat(1024 ** 2)}"}`, null],
      ['{"uid":"last","ts":1}', 'last'],
    ]
    const lines = sent.map(([line]) => line)
    lines.splice(3, 0, '', ' \t ', '\r')
    const topic = await newTopic()
    const { code, err } = await producer.run(
      ['replay', '-', ...topicFlags(topic)],
      `\ufeff${lines.join('\r\n')}`,
    )
    expect(err).toContain('11 records')
    expect(err).toContain('malformed 5 (sent without a key), blank 3 (skipped)')
    expect(code).toBe(0)
    expect((await rowsOf(topic)).map(({ value, key }) => [value, key])).toEqual(sent)
  })

  test('sends several files one after the other, packed ones unpacked', async () => {
    const line = (user: string) => `{"user":{"id":"${user}"},"at":"2016-07-11T13:39:44Z"}`
    const plain = file('a.jsonl', `${line('a')}\n${line('b')}`)
    const packed = file('b.jsonl', gzipSync(`\ufeff${line('c')}\n`))
    const topic = newName()
    const paths = ['--key', 'user.id', '--time', 'at', '--time-unit', 'iso', '--partitions', '1']
    const { code } = await producer.run(['replay', plain, packed, plain, ...topicFlags(topic), ...paths])
    expect(code).toBe(0)
    const rows = await rowsOf(topic)
    expect(values(rows)).toEqual(['a', 'b', 'c', 'a', 'b'].map(line))
    expect(rows.map(({ key }) => key)).toEqual(['a', 'b', 'c', 'a', 'b'])
  })

  test('large files arrive whole and in order, in every chunk and batch', async () => {
    const frames = ['generate', '--frames', '20000', '--line-length', '250', '--malformed', 'not-json=1']
    const { out } = await producer.run(frames)
    const topic = await newTopic()
    expect((await producer.run(['replay', file('large.jsonl', out), ...topicFlags(topic)])).code).toBe(0)
    expect(`${values(await rowsOf(topic)).join('\n')}\n` === out.toString()).toBe(true)
  })

  test('--rate and --speed hold frames back until they are due, and change no record', async () => {
    const lines = Array.from({ length: 21 }, (_, i) => `{"uid":"u","ts":${1468244384 + i}}`)
    const path = file('paced.jsonl', lines.join('\n'))
    for (const pace of [
      ['--rate', '50'],
      ['--speed', '50x'],
    ]) {
      const topic = await newTopic()
      const flags = ['replay', path, ...topicFlags(topic), ...pace, '--linger', '1ms']
      const { code, err } = await producer.run(flags)
      expect(code).toBe(0)
      expect(values(await rowsOf(topic))).toEqual(lines)
      // 20 intervals of 20 ms by the producer's own clock; there is no upper bound to test.
      expect(Number(/ bytes in ([\d.]+) s/.exec(err)![1])).toBeGreaterThanOrEqual(0.4)
    }
  })

  test('SIGINT ends it with 130 although its pipe is silent, on whole lines', async () => {
    const topic = await newTopic()
    const child = producer.start(['replay', '-', ...topicFlags(topic), '--rate', '1000'], null)
    const finished = finish(child)
    child.stdin!.write('{"uid":"a","ts":1}\n{"uid":"b","ts":1}\n{"uid":"c","ts":1}\n{"uid"')
    while ((await rowsOf(topic)).length < 3) await new Promise((resolve) => setTimeout(resolve, 50))
    child.kill('SIGINT')
    const { code, err } = await finished
    expect({ code, err }).toEqual({ code: 130, err: expect.stringContaining('interrupted: 3 records') })
    expect(await rowsOf(topic)).toHaveLength(3)
  })

  test('a file that is not there, or not gzip to its end, exits 1 and is named', async () => {
    const topic = newName()
    const good = file('good.jsonl', '{"uid":"a","ts":1}\n')
    const missing = await producer.run(['replay', good, join(folder, 'none'), ...topicFlags(topic)])
    expect(missing.code).toBe(1)
    expect(missing.err).toMatch(/^producer: cannot read .*none: ENOENT \(no such file or directory\)\n$/)
    const cut = file('cut.gz', gzipSync('{"uid":"a","ts":1}\n'.repeat(1000)).subarray(0, 60))
    const damaged = await producer.run(['replay', cut, ...topicFlags(topic)])
    expect(damaged.code).toBe(1)
    expect(damaged.err).toMatch(/^producer: cannot read .*cut\.gz: .*\n$/)
  })

  test('a record beyond what the topic takes exits 1 and says what to do', async () => {
    const topic = await newTopic()
    const line = `{"uid":"long","ts":1,"x":"${'x'.repeat(1_100_000)}"}`
    const flags = ['replay', '-', ...topicFlags(topic), '--compression', 'none']
    const { code, err } = await producer.run(flags, line)
    expect(code).toBe(1)
    expect(err).toMatch(/^producer: .*max\.message\.bytes.*\n$/)
  })
})
