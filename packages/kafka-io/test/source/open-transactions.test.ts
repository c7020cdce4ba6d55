import { expect, test } from 'vitest'
import { KafkaSource } from '../../src/index.js'
import {
  describeKafka,
  newTopic,
  numbered,
  readUntil,
  sharedClient,
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

  test.each(['commit', 'abort'] as const)(
    'that was open at the start is waited for until the end, which is a %s',
    async (how) => {
      const topic = await newTopic(client)
      await write(client, topic, numbered(0, 2))
      const transaction = await openTransaction(topic)
      const source = await KafkaSource.open(client, { topics: [topic], from: 'earliest', until: 'end' })
      // Behind the end of the start.
      await write(client, topic, numbered(5, 7))
      await readUntil(source, ({ length }) => length === 2)
      const rest = readUntil(source, () => false)
      await expect.poll(() => source.status()[0]).toMatchObject({ waitsForTransaction: true })
      await transaction.end(how)
      expect(values(await rest)).toEqual(how === 'commit' ? ['v2', 'v3', 'v4'] : [])
    },
  )

  test('that does not answer has no high watermark', async () => {
    const topic = await newTopic(client)
    const source = await KafkaSource.open(client, { topics: [topic], from: 'earliest' })
    expect(await source.highWatermarks([{ topic, partition: 7 }])).toEqual([])
    await source.close()
  })
})
