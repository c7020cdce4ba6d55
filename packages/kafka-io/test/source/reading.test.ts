import { runKafkaTool } from '@card/local-kafka'
import { expect, inject, test } from 'vitest'
import { compressionOf } from '../../src/codecs/compressors.js'
import { codecNames, KafkaSink } from '../../src/index.js'
import {
  describeKafka,
  describeLocalKafka,
  newTopic,
  readAll,
  sharedClient,
  values,
  write,
} from '../support/kafka.js'

describeKafka('records of a real broker', () => {
  const client = sharedClient()

  test('come with key, value, offset and time, nulls and empty ones too', async () => {
    const topic = await newTopic(client)
    const timestamp = '1468244384000'
    await write(client, topic, [
      { key: 'k', value: 'v', timestamp },
      { key: null, value: '', timestamp: '1468244384007' },
      { key: '', value: null, timestamp: '1468244383000' },
      { key: 'ключ', value: 'x'.repeat(70_000), timestamp, headers: { a: 'b', empty: '' } },
      { key: 'after', value: 'the header', timestamp },
    ])
    expect(await readAll(client, topic)).toEqual(
      [
        { key: 'k', value: 'v', timestamp: 1468244384000 },
        { key: null, value: '', timestamp: 1468244384007 },
        { key: '', value: null, timestamp: 1468244383000 },
        { key: 'ключ', value: 'x'.repeat(70_000), timestamp: 1468244384000 },
        { key: 'after', value: 'the header', timestamp: 1468244384000 },
      ].map((row, offset) => ({ topic, partition: 0, offset, ...row })),
    )
  })

  test.each(codecNames)('written by our sink with codec %s come back as they were', async (codec) => {
    const topic = await newTopic(client, { partitions: 2 })
    const sink = await KafkaSink.open(client, { compression: compressionOf(codec) })
    const records = Array.from({ length: 5000 }, (_, i) => ({
      key: `k${i}`,
      value: JSON.stringify({ i, text: 'lorem ipsum' }),
    }))
    await sink.send(topic, records)
    await sink.close()
    const rows = await readAll(client, topic)
    expect(rows.map(({ key, value }) => [key, value]).sort()).toEqual(
      records.map(({ key, value }) => [key, value]).sort(),
    )
    expect(new Set(rows.map(({ partition }) => partition)).size).toBe(2)
  })

  test('the broker stamps a topic that says so', async () => {
    const topic = await newTopic(client, { config: { 'message.timestamp.type': 'LogAppendTime' } })
    const before = Date.now()
    await write(client, topic, [{ value: 'old', timestamp: '1468244384000' }])
    const [row] = await readAll(client, topic)
    expect(row!.timestamp).toBeGreaterThanOrEqual(before - 1000)
  })
})

describeLocalKafka('records written by Kafka itself', () => {
  const client = sharedClient()

  test.each(codecNames)('with codec %s are read as they are', async (codec) => {
    const topic = await newTopic(client)
    const lines = Array.from({ length: 3000 }, (_, i) => `${'ab'.repeat(i % 50)}\u20ac ${i}`)
    await runKafkaTool(
      'org.apache.kafka.tools.ConsoleProducer',
      [
        '--bootstrap-server',
        inject('kafkaBrokers').join(','),
        '--topic',
        topic,
        '--compression-codec',
        codec,
        '--batch-size',
        '20000',
      ],
      `${lines.join('\n')}\n`,
    )
    expect(values(await readAll(client, topic))).toEqual(lines)
  })
})

describeLocalKafka('records written by our sink', () => {
  const client = sharedClient()

  test('are read by Kafka itself, whatever their codec', async () => {
    const topics = await Promise.all(codecNames.map(() => newTopic(client)))
    const value = (i: number) => JSON.stringify({ i, text: `lorem ipsum \u20ac ${'ab'.repeat(i % 50)}` })
    const lines = Array.from({ length: 2000 }, (_, i) => value(i))
    for (const [i, codec] of codecNames.entries()) {
      const sink = await KafkaSink.open(client, { compression: compressionOf(codec) })
      await sink.send(
        topics[i]!,
        lines.map((line) => ({ key: topics[i]!, value: line })),
      )
      await sink.close()
    }
    const { stdout } = await runKafkaTool('org.apache.kafka.tools.consumer.ConsoleConsumer', [
      ...['--bootstrap-server', inject('kafkaBrokers').join(','), '--include', topics.join('|')],
      ...['--from-beginning', '--max-messages', String(lines.length * topics.length)],
      ...['--formatter-property', 'print.key=true'],
    ])
    const read = stdout.trimEnd().split('\n')
    for (const topic of topics) {
      const own = read.filter((line) => line.startsWith(`${topic}\t`))
      expect(own.map((line) => line.slice(topic.length + 1))).toEqual(lines)
    }
  })
})
