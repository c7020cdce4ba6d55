import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { KafkaTransactions } from '../../src/index.js'
import { describeKafka, newTopic, numbered, readAll, sharedClient, values, write } from '../support/kafka.js'

describeKafka('what is asked of partitions beside transactions', { timeout: 30_000 }, () => {
  const client = sharedClient()
  let transactions: KafkaTransactions
  beforeAll(async () => {
    transactions = await KafkaTransactions.open(client)
  })
  afterAll(() => transactions?.close())

  test('where they begin and end, behind open transactions too', async () => {
    const topic = await newTopic(client, { partitions: 2 })
    await write(client, topic, numbered(0, 3, 0))
    const producer = await transactions.fence(`id-${randomUUID()}`)
    await producer.send([{ topic, partition: 0, value: 'open' }])
    expect(await transactions.offsets(topic, [0, 1])).toEqual([
      { partition: 0, low: 0, high: 4 },
      { partition: 1, low: 0, high: 0 },
    ])
    await producer.abort()
    await expect(transactions.offsets(`missing-${randomUUID()}`, [0])).rejects.toMatchObject({
      code: 'unknown-topic',
    })
  })

  test('the id of a topic, which is another when it is made anew', async () => {
    const topic = await newTopic(client)
    const id = await transactions.topicId(topic)
    expect(id).toMatch(/^[0-9a-f]{32}$/)
    expect(await transactions.topicId(topic)).toBe(id)
    await client.admin((admin) => admin.deleteTopics({ topics: [topic] }))
    await expect.poll(() => transactions.topicId(topic)).toBe(null)
    await newTopic(client, { topic })
    await expect.poll(() => transactions.topicId(topic)).toMatch(/^[0-9a-f]{32}$/)
    expect(await transactions.topicId(topic)).not.toBe(id)
  })

  test('records before an offset are deleted, again too; each partition is answered for by itself', async () => {
    const topic = await newTopic(client, { partitions: 3 })
    await write(client, topic, [...numbered(0, 5, 0), ...numbered(0, 5, 1)])
    const deleted = await transactions.deleteRecords(topic, [
      { partition: 0, offset: 3 },
      { partition: 1, offset: 6 },
      { partition: 2, offset: 0 },
      { partition: 9, offset: 1 },
    ])
    expect(deleted.sort((a, b) => a.partition - b.partition)).toEqual([
      { partition: 0, outcome: 'deleted', first: 3, errorCode: 0 },
      { partition: 1, outcome: 'out-of-range', first: null, errorCode: 1 },
      { partition: 2, outcome: 'deleted', first: 0, errorCode: 0 },
      { partition: 9, outcome: 'unknown', first: null, errorCode: null },
    ])
    expect(await transactions.deleteRecords(topic, [{ partition: 0, offset: 2 }])).toMatchObject([
      { outcome: 'deleted', first: 3 },
    ])
    expect(values(await readAll(client, topic)).slice(0, 2)).toEqual(['v3', 'v4'])
  })

  test('nothing can be deleted of a topic that is only compacted, or is not there', async () => {
    const topic = await newTopic(client, { config: { 'cleanup.policy': 'compact' } })
    await write(client, topic, numbered(0, 5))
    expect(await transactions.deleteRecords(topic, [{ partition: 0, offset: 3 }])).toEqual([
      { partition: 0, outcome: 'refused', first: null, errorCode: 44 },
    ])
    expect(
      await transactions.deleteRecords(`missing-${randomUUID()}`, [{ partition: 0, offset: 3 }]),
    ).toMatchObject([{ outcome: 'unknown' }])
  })
})
