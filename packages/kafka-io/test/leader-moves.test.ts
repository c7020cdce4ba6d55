import { type LocalKafka, startKafka } from '@card/local-kafka'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { KafkaSink, KafkaSource, prepareTopics } from '../src/index.js'
import { clientOf, describeLocalKafka, readAll, rowsOf, values } from './support/kafka.js'

describeLocalKafka('three brokers, one of them killed', () => {
  let kafka: LocalKafka
  beforeAll(async () => {
    kafka = await startKafka({ nodes: 3, shortSessions: true })
  }, 120_000)
  afterAll(() => kafka?.stop())

  test('every acknowledged record is there, and is read, though the leaders of its send moved', {
    timeout: 120_000,
  }, async () => {
    const client = clientOf(kafka.brokers, { unreachableTimeout: 60_000 })
    const topic = 'moving'
    await prepareTopics(client, [{ topic, partitions: 6, create: true }])
    const source = await KafkaSource.open(client, { topics: [topic], from: 'earliest' })
    const seen = new Set<string | null>()
    const reading = (async () => {
      for await (const event of source) for (const { value } of rowsOf(event)) seen.add(value)
    })()

    const sink = await KafkaSink.open(client)
    const sent: string[] = []
    // Keys of all partitions in every send: kafkajs alone drops those of a leader that moves during one.
    const send = async () => {
      const from = sent.length
      const records = Array.from({ length: 30 }, (_, i) => ({ key: `k${i}`, value: `v${from + i}` }))
      await sink.send(topic, records)
      sent.push(...records.map(({ value }) => value))
    }
    for (const node of [1, 2]) {
      for (let i = 0; i < 5; i++) await send()
      const killed = kafka.kill(node)
      for (let i = 0; i < 60; i++) await send()
      await killed
      await kafka.restart(node)
    }
    await sink.close()
    expect([...new Set(values(await readAll(client, topic)))].sort()).toEqual([...sent].sort())
    await expect.poll(() => seen.size).toBe(sent.length)
    await source.close()
    await reading
  })
})
