import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runKafkaTool } from '@card/local-kafka'
import { temporaryFolder } from '@card/testing/temporary-folder'
import { beforeAll, expect, inject, test } from 'vitest'
import { judge, recount } from '../model/recount.js'
import { finish, Program } from '../program.js'
import { describeKafka, describeLocalKafka, newName, newTopic, rowsOf, topicFlags } from './broker.js'

const model = { windows: ['1m', '1h', '1d'], groupField: null, maxLine: 1 << 20 }
const folder = temporaryFolder('topic')
let producer: Program

beforeAll(async () => {
  producer = await Program.build()
})

/** What a recount of values finds; in a topic they have no line endings to be counted. */
function recountValues(values: readonly Buffer[]) {
  const found = recount(Buffer.concat(values.flatMap((value) => [value, Buffer.from('\n')])), model)
  return { ...found, bytes: found.bytes - found.lines }
}

/** The key that a line's record must have. */
function keyOf(value: string): string | null {
  const event = judge(Buffer.from(value), model)
  return typeof event === 'string' ? null : event.user
}

describeKafka('generate --topic', () => {
  test('makes the topic, sends every line but the blank ones, keyed by user, and the truth is of the records', async () => {
    const topic = newName()
    const truth = join(folder, 'truth.json')
    const frames = ['--frames', '3000', '--line-length', '200', '--users', '100', '--duplicates', '2']
    const bad = ['--malformed', '9', '--truth', truth]
    const begun = Date.now()
    const { code, err, out } = await producer.run([
      'generate',
      ...frames,
      ...bad,
      ...topicFlags(topic),
      '--partitions',
      '3',
    ])
    expect({ code, out: out.length }).toEqual({ code: 0, out: 0 })
    const rows = await rowsOf(topic)
    const values = rows.map(({ value }) => value)
    const found = recountValues(rows.map(({ bytes }) => bytes))
    expect(found.blank).toBe(0)
    expect(Object.keys(found.rejected).length).toBeGreaterThan(5)
    expect(JSON.parse(readFileSync(truth, 'utf8'))).toEqual(found)
    expect(err).toContain(`${rows.length.toLocaleString('en-US')} lines`)
    expect(rows.map(({ key }) => key)).toEqual(values.map(keyOf))
    // All that was sent is stamped by the clock on the wall, so retention does not take it at once.
    expect(Math.min(...rows.map(({ timestamp }) => timestamp))).toBeGreaterThanOrEqual(begun - 1000)

    const users = new Map<string, Set<number>>()
    for (const { key, partition } of rows) {
      if (key !== null) users.set(key, (users.get(key) ?? new Set()).add(partition))
    }
    expect([...users.values()].every((partitions) => partitions.size === 1)).toBe(true)
    expect(new Set(rows.map(({ partition }) => partition)).size).toBe(3)

    const plain = await producer.run(['generate', ...frames, '--malformed', '9'])
    const lines = plain.out.toString().split('\n').slice(0, -1)
    const sent = lines.filter((line) => judge(Buffer.from(line), model) !== 'blank')
    expect(values.toSorted()).toEqual(sent.toSorted())
  })

  test('keeps the order of the lines in a partition, paced or not, whatever the profile', async () => {
    const flags = ['generate', '--frames', '200', '--rate', '1000', '--line-length', '100']
    const lines = (await producer.run(flags)).out.toString().split('\n').slice(0, -1)
    for (const sending of [
      ['--profile', 'latency', '--pace', '1x'],
      ['--batch-size', '1KiB'],
      ['--acks', '1'],
    ]) {
      const topic = await newTopic()
      expect((await producer.run([...flags, ...topicFlags(topic), ...sending])).code).toBe(0)
      expect((await rowsOf(topic)).map(({ value }) => value)).toEqual(lines)
    }
  })

  test('--partition-by none sends no keys, in turn to all partitions', async () => {
    const topic = await newTopic(2)
    const flags = ['generate', '--frames', '100', '--users', '1', ...topicFlags(topic)]
    expect((await producer.run([...flags, '--partition-by', 'none'])).code).toBe(0)
    const rows = await rowsOf(topic)
    expect(rows.every(({ key }) => key === null)).toBe(true)
    expect(rows.filter(({ partition }) => partition === 0)).toHaveLength(50)
  })

  test('SIGTERM ends it with 143 and the truth of exactly what the topic holds', async () => {
    const topic = await newTopic()
    const truth = join(folder, 'stopped.json')
    const flags = ['--frames', '1000000000', '--line-length', '100', '--truth', truth]
    const child = producer.start(['generate', ...flags, ...topicFlags(topic)])
    const finished = finish(child)
    while ((await rowsOf(topic)).length === 0) await new Promise((resolve) => setTimeout(resolve, 50))
    child.kill('SIGTERM')
    const { code, err } = await finished
    expect(code).toBe(143)
    expect(err).toContain('interrupted')
    const values = (await rowsOf(topic)).map(({ bytes }) => bytes)
    expect(JSON.parse(readFileSync(truth, 'utf8'))).toEqual(recountValues(values))
  })

  test('another number of partitions than the topic has exits 78 and names both', async () => {
    const topic = await newTopic(2)
    const { code, err } = await producer.run(['generate', ...topicFlags(topic), '--partitions', '3'])
    expect(code).toBe(78)
    expect(err).toMatch(/^producer: .*count of 3, found 2.*\n$/)
  })
})

describeLocalKafka('compression', () => {
  test('of every kind makes batches smaller, and Kafka itself reads them back', async () => {
    const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd']
    const prefix = newName()
    const flags = ['generate', '--frames', '300', '--line-length', '300']
    for (const codec of codecs) {
      const sending = [...topicFlags(`${prefix}-${codec}`), '--partitions', '1', '--compression', codec]
      expect((await producer.run([...flags, ...sending])).code).toBe(0)
    }
    const server = ['--bootstrap-server', inject('kafkaBrokers').join(',')]
    const [logs, read, plain] = await Promise.all([
      runKafkaTool('org.apache.kafka.tools.LogDirsCommand', [
        ...[...server, '--describe', '--topic-list', codecs.map((codec) => `${prefix}-${codec}`).join(',')],
      ]),
      runKafkaTool('org.apache.kafka.tools.consumer.ConsoleConsumer', [
        ...[...server, '--include', `${prefix}-.*`, '--from-beginning'],
        ...['--max-messages', String(300 * codecs.length)],
      ]),
      producer.run(flags),
    ])
    const sizeOf = (codec: string) =>
      Number(new RegExp(`"partition":"${prefix}-${codec}-0","size":(\\d+)`).exec(logs.stdout)![1])
    for (const codec of codecs.slice(1)) expect(sizeOf(codec)).toBeLessThan(0.9 * sizeOf('none'))
    const lines = plain.out.toString().split('\n').slice(0, -1)
    const expected = codecs.flatMap(() => lines).toSorted()
    expect(read.stdout.split('\n').slice(0, -1).toSorted()).toEqual(expected)
  })
})

test('settings that cannot be read exit 78, without a stack', async () => {
  const flags = ['count', '--topic', 't', '--brokers', 'h:1', '--kafka-config', join(folder, 'none.json')]
  const { code, err } = await producer.run(flags)
  expect(code).toBe(78)
  expect(err).toContain('none.json')
  for (const line of err.trimEnd().split('\n')) expect(line).toMatch(/^producer: (?! +at )/)
})
