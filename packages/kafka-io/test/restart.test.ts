import { type LocalKafka, startKafka } from '@card/local-kafka'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { KafkaSink, KafkaSource } from '../src/index.js'
import {
  clientOf,
  describeLocalKafka,
  newTopic,
  numbered,
  readAll,
  readUntil,
  values,
  write,
} from './support/kafka.js'

describeLocalKafka('a broker that is killed and comes back', () => {
  let kafka: LocalKafka
  beforeAll(async () => {
    kafka = await startKafka({ shortSessions: true })
  })
  afterAll(() => kafka?.stop())

  test.each([
    ['alone', undefined],
    ['in a group', 'survivors'],
  ])('loses nothing and repeats nothing for who reads %s', async (_name, group) => {
    const client = clientOf(kafka.brokers)
    const topic = await newTopic(client, { partitions: 2 })
    await write(client, topic, [...numbered(0, 100, 0), ...numbered(0, 100, 1)])
    const source = await KafkaSource.open(client, {
      topics: [topic],
      from: 'earliest',
      ...(group && { group }),
    })
    const before = await readUntil(source, ({ length }) => length >= 200)
    const reading = readUntil(source, ({ length }) => length >= 200)
    await kafka.kill(1)
    await kafka.restart(1)
    await write(client, topic, [...numbered(100, 200, 0), ...numbered(100, 200, 1)])
    const rows = [...before, ...(await reading)]
    const found = rows.map(({ partition, offset, value }) => `${partition} ${offset} ${value}`)
    const expected = [0, 1].flatMap((p) => Array.from({ length: 200 }, (_, i) => `${p} ${i} v${i}`))
    expect(found.sort()).toEqual(expected.sort())
    await source.close()
  })

  test('takes everything that was sent while it was away, in order', async () => {
    const client = clientOf(kafka.brokers)
    const topic = await newTopic(client)
    const sink = await KafkaSink.open(client)
    await sink.send(topic, [{ key: 'a', value: '0' }])
    await kafka.kill(1)
    const sends = Array.from({ length: 20 }, (_, i) => sink.send(topic, [{ key: 'a', value: String(i + 1) }]))
    await kafka.restart(1)
    await Promise.all(sends)
    await sink.close()
    // At least once: a repeated record is allowed, a lost one or a later one before an earlier one is not.
    const found = values(await readAll(client, topic)).map(Number)
    expect([...new Set(found)]).toEqual(Array.from({ length: 21 }, (_, i) => i))
  })

  test('is given up on in the end, with an error that says what to check', async () => {
    const client = clientOf(kafka.brokers)
    const topic = await newTopic(client)
    const impatient = clientOf(kafka.brokers, { unreachableTimeout: 1500 })
    const source = await KafkaSource.open(impatient, { topics: [topic], from: 'earliest' })
    const sink = await KafkaSink.open(impatient)
    expect((await source.next()).value).toMatchObject({ kind: 'assigned' })
    await kafka.kill(1)
    const unreachable = { code: 'broker-unreachable', message: expect.stringContaining(kafka.brokers[0]!) }
    await Promise.all([
      expect(source.next()).rejects.toMatchObject(unreachable),
      expect(sink.send(topic, [{ value: 'x' }])).rejects.toMatchObject(unreachable),
      expect(impatient.check()).rejects.toMatchObject(unreachable),
    ])
    await sink.close()
    await kafka.restart(1)
  })
})
