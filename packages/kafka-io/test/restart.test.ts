import { type LocalKafka, startKafka } from '@card/local-kafka'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type InterruptedEvent, KafkaIoError, KafkaSink, KafkaSource, topicOffsets } from '../src/index.js'
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

/** Reads whatever comes, until it ends or fails. */
const readToEnd = (source: KafkaSource) => readUntil(source, () => false)

describeLocalKafka('a broker that deletes records, is killed and comes back,', () => {
  let kafka: LocalKafka
  beforeAll(async () => {
    kafka = await startKafka({
      shortSessions: true,
      // Retention within a test's patience: by default the broker looks every five minutes.
      properties: { 'log.retention.check.interval.ms': '200', 'log.initial.task.delay.ms': '500' },
    })
  })
  afterAll(() => kafka?.stop())

  test('records that retention deletes while they wait to be read are a gap that is told', async () => {
    const config = { 'segment.bytes': '1048576', 'retention.bytes': '1048576' }
    const client = clientOf(kafka.brokers)
    const topic = await newTopic(client, { config })
    const large = (from: number, to: number) =>
      numbered(from, to).map((message) => ({ ...message, value: `${message.value} ${'x'.repeat(100_000)}` }))
    await write(client, topic, large(0, 5))
    const source = await KafkaSource.open(client, { topics: [topic], from: 'earliest', fetchBytes: 1000 })
    const seen = (await readUntil(source, ({ length }) => length === 5)).map(({ offset }) => offset)
    source.pause([{ topic, partition: 0 }])
    const low = async () => (await topicOffsets(client, topic))[0]!.low
    let end = 5
    // A fetch that was open when it was paused may still bring one batch.
    while ((await low()) <= 10) {
      await write(client, topic, large(end, end + 5))
      end += 5
    }
    source.resume([{ topic, partition: 0 }])
    const events: { from: number; to: number }[] = []
    const rows = await readUntil(source, (all, news) => {
      const event = news.at(-1)
      if (event?.kind === 'gap') events.push({ from: event.from, to: event.to })
      return all.at(-1)?.offset === end - 1
    })
    seen.push(...rows.map(({ offset }) => offset))
    const missing = events.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i))
    expect(missing.length).toBeGreaterThan(0)
    // Each offset is either read or told to be missing.
    expect([...seen, ...missing].sort((a, b) => a - b)).toEqual(Array.from({ length: end }, (_, i) => i))
    await source.close()
  })

  test('is given up on by who reads in a group, too: leaving the group does not wait for it', async () => {
    const topic = await newTopic(clientOf(kafka.brokers))
    const client = clientOf(kafka.brokers, { unreachableTimeout: 1000 })
    const source = await KafkaSource.open(client, { topics: [topic], from: 'earliest', group: 'left-alone' })
    await readUntil(source, (_, events) => events.some(({ kind }) => kind === 'assigned'))
    const failed = expect(readToEnd(source)).rejects.toMatchObject({ code: 'broker-unreachable' })
    await kafka.kill(1)
    await failed
    await kafka.restart(1)
  })

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
    let told: InterruptedEvent | undefined
    const reading = readUntil(source, ({ length }, events) => {
      told ??= events.find((event) => event.kind === 'interrupted')
      return length >= 200
    })
    await kafka.kill(1)
    await kafka.restart(1)
    await write(client, topic, [...numbered(100, 200, 0), ...numbered(100, 200, 1)])
    const written = performance.now()
    const rows = [...before, ...(await reading)]
    expect(performance.now() - written).toBeLessThan(5000)
    const found = rows.map(({ partition, offset, value }) => `${partition} ${offset} ${value}`)
    const expected = [0, 1].flatMap((p) => Array.from({ length: 200 }, (_, i) => `${p} ${i} v${i}`))
    expect(found.sort()).toEqual(expected.sort())
    expect(told?.error).toBeInstanceOf(KafkaIoError)
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
      expect(readToEnd(source)).rejects.toMatchObject(unreachable),
      expect(sink.send(topic, [{ value: 'x' }])).rejects.toMatchObject(unreachable),
      expect(impatient.check()).rejects.toMatchObject(unreachable),
    ])
    await sink.close()
    await kafka.restart(1)
  })
})
