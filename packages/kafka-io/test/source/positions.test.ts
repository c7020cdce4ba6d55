import { expect, test } from 'vitest'
import { KafkaSource, type SourceEvent } from '../../src/index.js'
import {
  describeKafka,
  newTopic,
  numbered,
  readAll,
  readUntil,
  sharedClient,
  untilEnds,
  values,
  write,
} from '../support/kafka.js'

describeKafka('where reading starts and ends', () => {
  const client = sharedClient()

  test('a position within a batch is where reading goes on, not at the beginning of that batch', async () => {
    const topic = await newTopic(client)
    await write(client, topic, numbered(0, 10))
    const rows = await readAll(client, topic, { startAt: async () => 7 })
    expect(rows.map(({ offset, value }) => [offset, value])).toEqual([
      [7, 'v7'],
      [8, 'v8'],
      [9, 'v9'],
    ])
  })

  test('from a time: the first record of that time or later, and the end where there is none', async () => {
    const topic = await newTopic(client)
    const at = (time: number, value: string) => ({ value, timestamp: String(time) })
    await write(client, topic, [at(1000, 'a'), at(2000, 'b')])
    await write(client, topic, [at(3000, 'c'), at(4000, 'd')])
    expect(values(await readAll(client, topic, { from: 2500 }))).toEqual(['c', 'd'])
    expect(values(await readAll(client, topic, { from: 9000 }))).toEqual([])
  })

  test('until the end: what is written meanwhile is left out, and every partition is told to have ended', async () => {
    const topic = await newTopic(client, { partitions: 3 })
    await write(client, topic, [...numbered(0, 5, 0), ...numbered(0, 3, 2)])
    const source = await KafkaSource.open(client, { topics: [topic], from: 'earliest', until: 'end' })
    await write(client, topic, [...numbered(5, 9, 0), ...numbered(0, 9, 1)])
    const events: SourceEvent[] = []
    let records = 0
    for await (const event of source) {
      events.push(event)
      if (event.kind === 'records') records += event.columns.rows
    }
    expect(records).toBe(8)
    const ends = events.flatMap((event) =>
      event.kind === 'end' ? [[event.partition, event.nextOffset]] : [],
    )
    expect(ends.sort()).toEqual([
      [0, 5],
      [1, 0],
      [2, 3],
    ])
  })

  test('until the end: an endless topic is read on, and the ends are those of all others', async () => {
    const topic = await newTopic(client, { partitions: 2 })
    const log = await newTopic(client)
    await write(client, topic, numbered(0, 5, 1))
    const topics = [topic, log]
    const source = await KafkaSource.open(client, { topics, from: 'earliest', until: 'end', endless: [log] })
    expect(source.partitions).toHaveLength(3)
    expect(source.ends).toEqual([
      { topic, partition: 0, offset: 0 },
      { topic, partition: 1, offset: 5 },
    ])
    await write(client, log, numbered(0, 3))
    let ended = 0
    let records = 0
    for await (const event of source) {
      if (event.kind === 'end') ended++
      if (event.kind === 'records') records += event.columns.rows
      if (ended === 2 && records === 8) break
    }
  })

  test('until the end: where that is the marker of a transaction, or one is still open behind it', async () => {
    const topic = await newTopic(client, { partitions: 3 })
    const kafka = client.kafka()
    const [ended, open] = await Promise.all(
      ['ended', 'open'].map(async (name) => {
        const producer = kafka.producer({ transactionalId: `${topic}-${name}`, maxInFlightRequests: 1 })
        await producer.connect()
        return producer
      }),
    )
    for (const end of ['commit', 'abort'] as const) {
      const transaction = await ended!.transaction()
      const messages = [0, 1].map((partition) => ({ value: `${end} ${partition}`, partition }))
      await transaction.send({ topic, messages })
      await transaction[end]()
    }
    const still = await open!.transaction()
    await still.send({ topic, messages: [{ value: 'open', partition: 1 }] })
    // The open one is behind the end of what readers of committed records see.
    await untilEnds(client, topic, [4, 4, 0])
    expect(values(await readAll(client, topic)).sort()).toEqual(['commit 0', 'commit 1'])
    await still.commit()
    await untilEnds(client, topic, [4, 6, 0])
    expect(values(await readAll(client, topic)).sort()).toEqual(['commit 0', 'commit 1', 'open'])
    await Promise.all([ended!.disconnect(), open!.disconnect()])
  })

  test.each([
    ['alone', undefined],
    ['in a group, however long joining takes', 'latest'],
  ])('latest: only what comes after the start, and nothing of it is missed, %s', async (_name, member) => {
    const topic = await newTopic(client)
    await write(client, topic, numbered(0, 5))
    const group = member && { group: `${member}-${topic}` }
    const source = await KafkaSource.open(client, { topics: [topic], from: 'latest', ...group })
    await write(client, topic, numbered(5, 8))
    expect(values(await readUntil(source, (rows) => rows.length === 3))).toEqual(['v5', 'v6', 'v7'])
    await source.close()
  })

  test('several topics and a pattern are read together, by whole partitions or chosen ones', async () => {
    const name = `p-${Math.random().toString(36).slice(2)}`
    const topics = [`${name}.a`, `${name}.b`, `${name}.c`]
    for (const topic of topics) {
      await newTopic(client, { topic, partitions: 2 })
      await write(client, topic, [...numbered(0, 2, 0), ...numbered(10, 12, 1)])
    }
    const [a, b] = topics as [string, string]
    const read = async (options: object) =>
      (await readAll(client, a, options)).map(({ topic, value }) => `${topic.slice(-1)}${value}`).sort()
    expect(await read({ topics: [new RegExp(`^${name}\\.[ab]$`)] })).toEqual(
      ['av0', 'av1', 'av10', 'av11', 'bv0', 'bv1', 'bv10', 'bv11'].sort(),
    )
    expect(await read({ topics: [a, b], partitions: { [a]: [1], [b]: [0] } })).toEqual([
      'av10',
      'av11',
      'bv0',
      'bv1',
    ])
  })

  test('a partition is caught up when nothing is left to hand over, and has lag until then', async () => {
    const topic = await newTopic(client)
    await write(client, topic, numbered(0, 5))
    const source = await KafkaSource.open(client, { topics: [topic], from: 'earliest' })
    expect(source.status()[0]).toMatchObject({ caughtUp: false, position: 0 })
    await readUntil(source, (rows) => rows.length === 5)
    expect(source.status()[0]).toMatchObject({ caughtUp: true, lag: 0, position: 5, highWatermark: 5 })
    await write(client, topic, numbered(5, 6))
    await expect.poll(() => source.status()[0]!.caughtUp).toBe(false)
    expect(source.status()[0]).toMatchObject({ lag: 1, highWatermark: 6 })
    await source.close()
  })

  test('a paused partition hands nothing over while others go on', async () => {
    const topic = await newTopic(client, { partitions: 2 })
    await write(client, topic, [...numbered(0, 3, 0), ...numbered(10, 13, 1)])
    const source = await KafkaSource.open(client, { topics: [topic], from: 'earliest' })
    source.pause([{ topic, partition: 0 }])
    expect(values(await readUntil(source, (rows) => rows.length === 3))).toEqual(['v10', 'v11', 'v12'])
    await write(client, topic, numbered(13, 14, 1))
    expect(values(await readUntil(source, (rows) => rows.length === 1))).toEqual(['v13'])
    expect(source.status().map(({ paused }) => paused)).toEqual([true, false])
    source.resume([{ topic, partition: 0 }])
    expect(values(await readUntil(source, (rows) => rows.length === 3))).toEqual(['v0', 'v1', 'v2'])
    await source.close()
  })

  test('a reader that does not ask for more is not buried: fetching stops at its bound', async () => {
    const topic = await newTopic(client, { partitions: 3 })
    const value = 'x'.repeat(100_000)
    for (let i = 0; i < 12; i++) {
      await write(
        client,
        topic,
        [0, 1, 2].flatMap((partition) => Array(4).fill({ value, partition })),
      )
    }
    const fetchBytes = 450_000
    const source = await KafkaSource.open(client, {
      topics: [topic],
      from: 'earliest',
      fetchBytes,
      bufferBytes: 1_000_000,
    })
    const buffered = () => source.status().reduce((sum, { bufferedBytes }) => sum + bufferedBytes, 0)
    await expect.poll(buffered).toBeGreaterThan(1_000_000)
    // A fetch that was under way when the bound was passed still comes in, one per partition.
    expect(buffered()).toBeLessThan(1_000_000 + 3 * fetchBytes)
    const rows = await readUntil(source, ({ length }) => length === 144)
    expect(rows).toHaveLength(144)
    expect(buffered()).toBe(0)
    await source.close()
  })
})
