import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { describeTopic, KafkaSource, prepareTopics, topicOffsets } from '../../src/index.js'
import { describeKafka, newTopic, numbered, sharedClient, write } from '../support/kafka.js'

describeKafka('topics', () => {
  const client = sharedClient()

  test('that are ours are made as planned, and found right the second time', async () => {
    const topic = `state-${randomUUID()}`
    const plan = { topic, partitions: 3, create: true, compacted: 'required' } as const
    expect(await prepareTopics(client, [plan])).toEqual([])
    expect(await describeTopic(client, topic)).toMatchObject({
      topic,
      partitions: 3,
      cleanupPolicy: 'compact',
    })
    expect(await prepareTopics(client, [plan])).toEqual([])
    // Retention counts from a record's time: history of another year must not look old.
    await write(client, topic, [{ key: 'a', value: 'old', timestamp: '1468244384000' }])
    const source = await KafkaSource.open(client, { topics: [topic], from: 'earliest', until: 'end' })
    for await (const event of source) {
      if (event.kind === 'records') expect(event.columns.timestamp[0]).toBeGreaterThan(Date.UTC(2020, 0, 1))
    }
  })

  test('that are missing, or have another number of partitions, are named all at once', async () => {
    const two = await newTopic(client, { partitions: 2 })
    const plans = [{ topic: 'missing-one' }, { topic: two, partitions: 4 }, { topic: 'missing-two' }]
    const error = await prepareTopics(client, plans).catch((thrown) => thrown)
    expect(error.code).toBe('unknown-topic')
    expect(error.message).toMatch(/missing-one.*4 partitions, found 2.*missing-two/s)
    await expect(prepareTopics(client, [{ topic: two, partitions: 4 }])).rejects.toMatchObject({
      code: 'partition-count',
    })
  })

  test('for results are used whatever their policy, with a warning; those for state are refused', async () => {
    const topic = await newTopic(client, { config: { 'cleanup.policy': 'delete' } })
    expect(await prepareTopics(client, [{ topic }])).toEqual([])
    expect(await prepareTopics(client, [{ topic, compacted: 'wanted' }])).toEqual([
      expect.stringContaining(`${topic} is not compacted`),
    ])
    await expect(prepareTopics(client, [{ topic, compacted: 'required' }])).rejects.toMatchObject({
      code: 'topic-config',
      message: expect.stringContaining('cleanup.policy=compact'),
    })
  })

  test('have offsets per partition, in order', async () => {
    const topic = await newTopic(client, { partitions: 2 })
    await write(client, topic, numbered(0, 4, 1))
    expect(await topicOffsets(client, topic)).toEqual([
      { partition: 0, low: 0, high: 0 },
      { partition: 1, low: 0, high: 4 },
    ])
    await expect(topicOffsets(client, 'missing')).rejects.toMatchObject({ code: 'unknown-topic' })
  })

  test('to read that do not exist, match nothing or lack a partition are refused by name', async () => {
    const topic = await newTopic(client)
    const open = (options: object) =>
      KafkaSource.open(client, { topics: [topic], from: 'earliest', ...options })
    await expect(open({ topics: [topic, 'missing'] })).rejects.toMatchObject({
      code: 'unknown-topic',
      message: expect.stringContaining('missing'),
    })
    await expect(open({ topics: [/^nothing-like-it/] })).rejects.toMatchObject({ code: 'unknown-topic' })
    await expect(open({ partitions: { [topic]: [0, 7] } })).rejects.toMatchObject({
      code: 'partition-count',
      message: expect.stringContaining('partition 7'),
    })
    await expect(open({ group: 'g', partitions: { [topic]: [0] } })).rejects.toMatchObject({
      code: 'bad-settings',
    })
  })
})
