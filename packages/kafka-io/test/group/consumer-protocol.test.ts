import { expect, test, vi } from 'vitest'
import { AnswerBuffers } from '../../src/client/answer-buffers.js'
import { rawCluster } from '../../src/client/hooks.js'
import { KafkaSource } from '../../src/index.js'
import { flexibleRequest } from '../../src/protocol/request.js'
import {
  describeKafka,
  describeLocalKafka,
  newTopic,
  numbered,
  readUntil,
  sharedClient,
  write,
} from '../support/kafka.js'

const client = sharedClient()
const unique = () => Math.random().toString(36).slice(2)

/** Joins a group by the consumer protocol: ConsumerGroupHeartbeat, version 0, of a member that is new (epoch 0). */
async function joinByConsumerProtocol(group: string, topic: string): Promise<void> {
  const cluster = rawCluster(client.kafka(), {}, new AnswerBuffers(0))
  try {
    await cluster.connect()
    cluster.targetTopics = new Set([topic])
    await cluster.refreshMetadata()
    const broker = await cluster.brokerPool.findConnectedBroker()
    const { coordinator } = await broker.findGroupCoordinator({ groupId: group, coordinatorType: 0 })
    const heartbeat = flexibleRequest(
      { name: 'ConsumerGroupHeartbeat', key: 68, version: 0 },
      (body) => {
        body.compactString(group).compactString('').int32(0).compactString(null).compactString(null)
        body.int32(60_000).compactArray([topic], (name) => body.compactString(name))
        body
          .compactString(null)
          .compactArray([], () => {})
          .noTaggedFields()
      },
      (body) => {
        body.int32()
        return { errorCode: body.int16(), message: body.compactString() }
      },
    )
    const { connectionPool } = await cluster.findBroker(coordinator)
    expect(await connectionPool.send(heartbeat)).toEqual({ errorCode: 0, message: null })
  } finally {
    await cluster.abort()
  }
}

// Brokers before 4.0 do not speak it.
describeLocalKafka('a group whose members use the consumer protocol', () => {
  test('is refused by name, instead of reading nothing of it', async () => {
    const topic = await newTopic(client)
    await write(client, topic, numbered(0, 3))
    const group = `new-${unique()}`
    // The coordinators of a new broker load for a moment.
    await vi.waitFor(() => joinByConsumerProtocol(group, topic), { timeout: 20_000, interval: 200 })
    const options = { topics: [topic], group, from: 'earliest' as const }
    for (const until of [{}, { until: 'end' as const }]) {
      await expect(KafkaSource.open(client, { ...options, ...until })).rejects.toMatchObject({
        code: 'bad-settings',
        message: expect.stringMatching(new RegExp(`The group ${group} .*KIP-848`)),
      })
    }
  })
})

describeKafka('a group that has no partition for a member', () => {
  test('is an error for one that reads to the end', async () => {
    const topic = await newTopic(client)
    await write(client, topic, numbered(0, 3))
    const options = { topics: [topic], group: `full-${unique()}`, from: 'earliest' as const }
    const holder = await KafkaSource.open(client, options)
    await readUntil(holder, ({ length }) => length === 3)
    const reading = readUntil(holder, () => false)
    const member = await KafkaSource.open(client, { ...options, until: 'end' })
    await expect(readUntil(member, () => false)).rejects.toMatchObject({
      code: 'no-partitions',
      message: expect.stringContaining(`The group ${options.group} `),
    })
    await holder.close()
    await reading
  })
})
