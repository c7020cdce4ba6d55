import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runKafkaTool } from '@card/local-kafka'
import { temporaryFolder } from '@card/testing/temporary-folder'
import { expect, test } from 'vitest'
import {
  describeKafka,
  expected,
  generate,
  generateTo,
  hasKafkaTools,
  latest,
  linesOf,
  type TestBroker,
} from './support.js'

const folder = temporaryFolder('truth')
const sizes = '1m,5m,1h'

/** 30,000 frames of ten minutes, with all that may be wrong with them and none too late. */
const stream = [
  ...['--frames', '30000', '--rate', '50', '--line-length', '250', '--users', '3000'],
  ...['--late-probability', '5', '--late-max', '4', '--malformed', '3', '--duplicates', '2'],
  ...['--groups', '5', '--groupless', '10', '--truth-windows', sizes],
]
const flags = ['--windows', sizes, '--group-by', 'video']

/** What Kafka's own console consumer reads of topics: time, headers, key and value of each record. */
async function consoleConsumer(broker: TestBroker, topics: string, records: number): Promise<string[][]> {
  const printed = ['key', 'headers', 'timestamp'].flatMap((part) => [
    '--formatter-property',
    `print.${part}=true`,
  ])
  const { stdout } = await runKafkaTool('org.apache.kafka.tools.consumer.ConsoleConsumer', [
    ...['--bootstrap-server', broker.brokers.join(','), '--include', topics, '--from-beginning'],
    ...['--isolation-level', 'read_committed', '--max-messages', String(records), ...printed],
  ])
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'))
}

describeKafka('a generated stream paced by its events', (broker) => {
  const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd']
  const runs = [1, 4].flatMap((partitions) => codecs.map((codec) => [partitions, codec] as const))
  // At once, as they mostly wait for their events.
  test.concurrent.each(runs)(
    'through %i partitions, compression %s, gives every number of the truth',
    async (partitions, codec) => {
      const topic = await broker.topic(partitions)
      const worker = await broker.worker(topic, '--windows', '10s,1m', '--idle-timeout', '5s')
      await worker.until(({ stderr }) => stderr.includes('"msg":"reading"'))
      const truth = await generateTo(
        ...['--frames', '3000', '--rate', '50', '--pace', '20x', '--line-length', '250', '--users', '500'],
        ...['--late-probability', '5', '--late-max', '4', '--malformed', '3', '--truth-windows', '10s,1m'],
        ...['--topic', topic, '--brokers', broker.brokers.join(','), '--profile', 'latency'],
        ...['--compression', codec],
      )
      await worker.until(({ lines }) => String(latest(lines)) === String(expected(truth)))
      const { stderr } = await worker.stop()
      expect(stderr).toContain(`counted ${truth.counted.toLocaleString('en-US')}, `)
      expect(stderr).toContain('late 0')
    },
  )
})

describeKafka('a generated stream as the backlog of a topic', (broker) => {
  const generated = generate(...stream)
  generated.catch(() => {})

  test.each([1, 4])('through %i partitions gives every number of the truth', async (partitions) => {
    const { records, truth } = await generated
    const topic = await broker.topic(partitions)
    await broker.put(topic, records)
    const { lines, summary } = await broker.count(topic, ...flags)
    expect(latest(lines)).toEqual(expected(truth))
    // Nothing was late, so nothing was published twice.
    expect(lines.every(({ revision, pane }) => revision === 0 && pane === 'final')).toBe(true)
    const { lines: all, blank, counted, rejected } = truth
    expect(summary).toMatchObject({ lines: all, blank, counted, rejected, late: {}, unfinished: 0 })
  })

  // The broker compresses anew with its own libraries whatever was sent.
  test.each(['gzip', 'snappy', 'lz4', 'zstd'])('compressed with %s gives the same', async (codec) => {
    const { records, truth } = await generated
    const topic = await broker.topic(4, { 'compression.type': codec })
    await broker.put(topic, records)
    const { lines } = await broker.count(topic, ...flags)
    expect(latest(lines)).toEqual(expected(truth))
  })

  test.each([1, 4])('scanned on two threads through %i partitions gives the same', async (partitions) => {
    const { records, truth } = await generated
    const topic = await broker.topic(partitions, { 'compression.type': 'lz4' })
    await broker.put(topic, records)
    const { lines, summary } = await broker.count(topic, ...flags, '--threads', '2')
    expect(latest(lines)).toEqual(expected(truth))
    const { lines: all, blank, counted, rejected } = truth
    expect(summary).toMatchObject({ lines: all, blank, counted, rejected, late: {}, unfinished: 0 })
  })

  test('gives the same bytes on any number of threads, refused lines and records larger than a block among them', async () => {
    const { records } = await generated
    const topic = await broker.topic()
    const long = (length: number) => ({ value: `{"uid":"long","ts":1,"x":"${'x'.repeat(length)}"}` })
    await broker.put(topic, [...records.slice(0, 9000), long(300_000), { value: '' }, long(250_000)])
    await broker.put(topic, [long(900_000), ...records.slice(9000)])
    const outputs: unknown[] = []
    for (const threads of ['1', '2', '4']) {
      const late = join(folder, `late-${threads}`)
      const rejects = join(folder, `rejects-${threads}`)
      const words = [
        '--late-file',
        late,
        '--rejects-file',
        rejects,
        '--out-of-order',
        '1s',
        '--max-line',
        '64KiB',
      ]
      const { run, summary } = await broker.count(topic, ...flags, ...words, '--threads', threads)
      outputs.push([run.stdout, summary, readFileSync(late, 'utf8'), readFileSync(rejects, 'utf8')])
    }
    expect(outputs[1]).toEqual(outputs[0])
    expect(outputs[2]).toEqual(outputs[0])
    expect(JSON.stringify(outputs[0])).toContain('too-long')
  })

  test('reaches topics of its own for each size, keyed, compacted, and stdout only with --print', async () => {
    const { records, truth } = await generated
    const topic = await broker.topic(4)
    await broker.put(topic, records)
    const template = `${topic}-{window}`
    const silent = await broker.count(
      topic,
      ...flags,
      '--out-topic',
      template,
      '--rejects-topic',
      `${topic}-bad`,
    )
    expect(silent.lines).toEqual([])
    const both = await broker.count(topic, ...flags, '--out-topic', template, '--print')
    const written = await Promise.all(sizes.split(',').map((size) => broker.read(`${topic}-${size}`)))
    for (const [i, window] of sizes.split(',').entries()) {
      const lines = linesOf(written[i]!.map(({ value }) => value).join('\n'))
      expect(lines.every((line) => line.window === window)).toBe(true)
      expect(written[i]!.map(({ key }) => key)).toEqual(
        lines.map(({ start, group }) => JSON.stringify([window, start, group])),
      )
      // Twice counted, twice written: of each key the same.
      expect(lines).toHaveLength(2 * truth.windows[window]!.length)
    }
    expect(
      latest(written.flatMap((records) => linesOf(records.map(({ value }) => value).join('\n')))),
    ).toEqual(expected(truth))
    expect(latest(both.lines)).toEqual(expected(truth))
    if (hasKafkaTools) {
      const records = 2 * Object.values(truth.windows).flat().length
      const seen = await consoleConsumer(broker, `${topic}-(1m|5m|1h)`, records)
      expect(latest(linesOf(seen.map(([, , , value]) => value).join('\n')))).toEqual(expected(truth))
      for (const [time, headers, key, value] of seen) {
        const { window, start, group, pane, revision } = linesOf(value!)[0]!
        expect([headers, key]).toEqual([
          `pane:${pane},revision:${revision}`,
          JSON.stringify([window, start, group]),
        ])
        // Written with the clock on the wall, however old the windows are: retention goes by it.
        expect(Date.now() - Number(time!.split(':')[1])).toBeLessThan(600_000)
      }
    }
    const rejected = (await broker.read(`${topic}-bad`)).map(({ key, value }) => [key, JSON.parse(value)])
    expect(rejected).toHaveLength(Object.values(truth.rejected).reduce((sum, count) => sum + count, 0))
    for (const [key, { source, offset, reason }] of rejected) {
      expect(key).toBe(JSON.stringify([source, offset]))
      expect(Object.keys(truth.rejected)).toContain(reason)
    }
  })
})
