import { randomUUID } from 'node:crypto'
import kafkajs, { type Admin } from 'kafkajs'
import { expect, test } from 'vitest'
import { describeTopic, KafkaClient, KafkaSource, prepareTopics, topicOffsets } from '../../src/index.js'
import { describeKafka, newTopic, numbered, sharedClient, write } from '../support/kafka.js'

const name = 'new-topic'
const described = {
  resources: [{ configEntries: [{ configName: 'cleanup.policy', configValue: 'compact' }] }],
}
const plan = { topic: name, partitions: 2, create: true, compacted: 'required' } as const

test('a new topic that one broker knows and the next one not yet is asked for again', async () => {
  const { client, asked } = answering({
    fetchTopicMetadata: [
      { topics: [] },
      { topics: [{ name, partitions: [{ replicas: [1] }, { replicas: [1] }] }] },
    ],
    createTopics: [true],
    describeConfigs: [refusal('UNKNOWN_TOPIC_OR_PARTITION', 3), described],
    fetchTopicOffsets: [[0, 1]],
  })
  expect(await prepareTopics(client, [plan])).toEqual([])
  expect(asked('describeConfigs')).toBe(2)
})

test('a new topic is prepared when all its partitions are led, and not before', async () => {
  const { client, asked } = answering({
    fetchTopicMetadata: [
      { topics: [] },
      { topics: [{ name, partitions: [{ replicas: [1] }, { replicas: [1] }] }] },
    ],
    createTopics: [true],
    describeConfigs: [described],
    fetchTopicOffsets: [refusal('NOT_LEADER_FOR_PARTITION', 6), [0], [0, 1]],
  })
  expect(await prepareTopics(client, [plan])).toEqual([])
  expect(asked('fetchTopicOffsets')).toBe(3)
})

describeKafka('topics', () => {
  const client = sharedClient()

  test('that are ours are made as planned, and found right the second time', async () => {
    const topic = `state-${randomUUID()}`
    const own = { ...plan, topic, partitions: 3 }
    expect(await prepareTopics(client, [own])).toEqual([])
    expect(await describeTopic(client, topic)).toMatchObject({
      topic,
      partitions: 3,
      cleanupPolicy: 'compact',
    })
    expect(await prepareTopics(client, [own])).toEqual([])
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
    expect(error.message).toMatch(/missing-one.*count of 4, found 2.*missing-two/s)
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

/** A client whose brokers give these answers, by request one after the other, the last one for ever. */
function answering(answers: Partial<Record<keyof Admin, unknown[]>>) {
  const counts = new Map<string, number>()
  const answer = async (request: keyof Admin) => {
    const count = counts.get(request) ?? 0
    counts.set(request, count + 1)
    const all = answers[request]!
    const found = all[Math.min(count, all.length - 1)]
    if (found instanceof Error) throw found
    return found
  }
  const admin = new Proxy({} as Admin, { get: (_, request: keyof Admin) => () => answer(request) })
  const client = Object.assign(new KafkaClient({ brokers: ['127.0.0.1:1'] }), {
    admin: (work: (by: Admin) => Promise<unknown>) => work(admin),
  })
  return { client: client as KafkaClient, asked: (request: keyof Admin) => counts.get(request) }
}

/** What kafkajs throws for an answer of a broker. */
function refusal(type: string, code: number): Error {
  const error = { type, code, retriable: true, name: type, message: `the broker answers ${type}` }
  return Object.assign(new kafkajs.KafkaJSProtocolError(error.message), error)
}
