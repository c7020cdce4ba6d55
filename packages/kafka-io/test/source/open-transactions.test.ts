import { expect, test } from 'vitest'
import { KafkaSource } from '../../src/index.js'
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

describeKafka('a partition behind an open transaction', () => {
  const client = sharedClient()

  async function openTransaction(topic: string) {
    const producer = client.kafka().producer({ transactionalId: topic, maxInFlightRequests: 1 })
    await producer.connect()
    const transaction = await producer.transaction()
    await transaction.send({ topic, messages: numbered(2, 5) })
    return {
      async end(how: 'commit' | 'abort') {
        await transaction[how]()
        await producer.disconnect()
      },
    }
  }

  test('is not at its end, and goes on when the transaction has ended', async () => {
    const topic = await newTopic(client)
    await write(client, topic, numbered(0, 2))
    const transaction = await openTransaction(topic)
    const source = await KafkaSource.open(client, { topics: [topic], from: 'earliest' })
    await readUntil(source, ({ length }) => length === 2)
    const next = source.next()
    await expect
      .poll(() => source.status()[0])
      .toMatchObject({ position: 2, caughtUp: false, waitsForTransaction: true, lag: 3 })
    expect(await source.highWatermarks([{ topic, partition: 0 }])).toEqual([
      { topic, partition: 0, highWatermark: 5 },
    ])
    await transaction.end('commit')
    expect(await next).toMatchObject({ value: { kind: 'records', columns: { rows: 3 } } })
    const following = source.next()
    // Behind the marker of the commit.
    await expect.poll(() => source.status()[0]).toMatchObject({ position: 6, caughtUp: true })
    await source.close()
    await following
  })

  test('that was open at the start is not waited for by a source that reads to the end', async () => {
    const topic = await newTopic(client)
    await write(client, topic, numbered(0, 2))
    const transaction = await openTransaction(topic)
    expect(values(await readAll(client, topic))).toEqual(['v0', 'v1'])
    await transaction.end('commit')
    await untilEnds(client, topic, [6])
    expect(values(await readAll(client, topic))).toEqual(['v0', 'v1', 'v2', 'v3', 'v4'])
  })

  test('that does not answer has no high watermark', async () => {
    const topic = await newTopic(client)
    const source = await KafkaSource.open(client, { topics: [topic], from: 'earliest' })
    expect(await source.highWatermarks([{ topic, partition: 7 }])).toEqual([])
    await source.close()
  })
})
