import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type LocalKafka, startKafka } from '@card/local-kafka'
import kafkajs from 'kafkajs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  KafkaClient,
  KafkaSink,
  KafkaSource,
  KafkaTransactions,
  prepareTopics,
  type SourceOptions,
  topicOffsets,
} from '../src/index.js'
import { clientOf, describeLocalKafka, numbered, readUntil, values, write } from './support/kafka.js'

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs
type Operation = keyof typeof AclOperationTypes

describeLocalKafka('a login with few rights', () => {
  let kafka: LocalKafka
  /** May do everything. */
  let owner: KafkaClient
  /** Has the rights that a test gives it. */
  let guest: KafkaClient
  beforeAll(async () => {
    kafka = await startKafka({
      sasl: true,
      properties: {
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'super.users': 'User:ANONYMOUS',
        'default.replication.factor': '3',
        'listener.name.sasl.connections.max.reauth.ms': '2500',
      },
    })
    owner = clientOf(kafka.brokers)
    const { brokers, login } = kafka.sasl!
    const sasl = { mechanism: 'plain', ...login } as const
    guest = new KafkaClient({ brokers, sasl }, { unreachableTimeout: 5000 })
  })
  afterAll(() => kafka?.stop())

  async function grant(operation: Operation, resourceName: string, type: 'TOPIC' | 'GROUP' = 'TOPIC') {
    const acl = {
      resourceType: AclResourceTypes[type],
      resourceName,
      resourcePatternType: ResourcePatternTypes.LITERAL,
      principal: `User:${kafka.sasl!.login.username}`,
      host: '*',
      operation: AclOperationTypes[operation],
      permissionType: AclPermissionTypes.ALLOW,
    }
    await owner.admin((admin) => admin.createAcls({ acl: [acl] }))
  }

  async function ownTopic(): Promise<string> {
    const topic = `t-${Math.random().toString(36).slice(2)}`
    const topics = [{ topic, numPartitions: 1, replicationFactor: 1 }]
    await owner.admin((admin) => admin.createTopics({ topics, waitForLeaders: false }))
    await expect
      .poll(async () => (await topicOffsets(owner, topic).catch(() => [])).length, { timeout: 30_000 })
      .toBe(1)
    return topic
  }

  const read = async (options: Partial<SourceOptions> & { topics: string[] }) => {
    const source = await KafkaSource.open(guest, { from: 'earliest', until: 'end', ...options })
    return values(await readUntil(source, () => false))
  }
  const refused = (says: RegExp) => ({ code: 'not-authorized', message: expect.stringMatching(says) })

  test('to read a topic is told which right is missing on which topic', async () => {
    const topic = await ownTopic()
    await write(owner, topic, numbered(0, 2))
    await expect(read({ topics: [topic] })).rejects.toMatchObject(
      refused(new RegExp(`topic ${topic}: grant it READ`)),
    )
    await grant('DESCRIBE', topic)
    await expect(read({ topics: [topic] })).rejects.toMatchObject(
      refused(new RegExp(`topic ${topic}: grant it READ`)),
    )
    await grant('READ', topic)
    await expect.poll(() => read({ topics: [topic] }).catch(String)).toEqual(['v0', 'v1'])
  })

  test('to write to a topic is told to ask for WRITE', async () => {
    const topic = await ownTopic()
    const sink = await KafkaSink.open(guest)
    await expect(sink.send(topic, [{ value: 'x' }])).rejects.toMatchObject(
      refused(new RegExp(`topic ${topic}: .*WRITE`)),
    )
    await sink.close()
  })

  test('to delete records is answered so, and told apart from everything else', async () => {
    const topic = await ownTopic()
    await write(owner, topic, numbered(0, 3))
    await grant('READ', topic)
    const transactions = await KafkaTransactions.open(guest)
    const outcome = async () => (await transactions.deleteRecords(topic, [{ partition: 0, offset: 2 }]))[0]
    await expect
      .poll(outcome)
      .toEqual({ partition: 0, outcome: 'not-authorized', first: null, errorCode: 29 })
    await grant('DELETE', topic)
    await expect.poll(outcome).toMatchObject({ outcome: 'deleted', first: 2 })
    await transactions.close()
  })

  test('to create a topic is told to ask for DESCRIBE and CREATE', async () => {
    const topic = `mine-${Math.random()}`
    const create = () => prepareTopics(guest, [{ topic, create: true }])
    await expect(create()).rejects.toMatchObject(refused(new RegExp(`topic ${topic}: .*DESCRIBE`)))
    await grant('DESCRIBE', topic)
    await expect
      .poll(() => create().catch(({ message }) => message))
      .toMatch(new RegExp(`topic ${topic} does not exist, and the login may not create it: grant it CREATE`))
  })

  test('to use a group is told to ask for READ on it, whether it may see the group or not', async () => {
    const topic = await ownTopic()
    const group = `g-${topic}`
    await grant('READ', topic)
    await expect(read({ topics: [topic], group })).rejects.toMatchObject(
      refused(new RegExp(`group ${group}: grant it READ on the group`)),
    )
    await grant('DESCRIBE', group, 'GROUP')
    await expect(read({ topics: [topic], group })).rejects.toMatchObject(
      refused(new RegExp(`group ${group}: grant it READ on the group`)),
    )
    await grant('READ', group, 'GROUP')
    await expect.poll(() => read({ topics: [topic], group }).catch(String)).toEqual([])
  })

  test('is asked to log in again and again, and reads on', async () => {
    const topic = await ownTopic()
    await grant('READ', topic)
    const source = await KafkaSource.open(guest, { topics: [topic], from: 'earliest' })
    const began = performance.now()
    for (let i = 0; performance.now() - began < 6000; i++) {
      await write(owner, topic, numbered(i, i + 1))
      expect(values(await readUntil(source, ({ length }) => length === 1))).toEqual([`v${i}`])
    }
    await source.close()
  })

  test('a topic of more replicas than there are brokers names the brokers and the setting', async () => {
    const topic = `replicas-${Math.random()}`
    await expect(prepareTopics(owner, [{ topic, create: true }])).rejects.toMatchObject({
      code: 'topic-config',
      message: expect.stringMatching(new RegExp(`${topic}.*too few brokers.*default\\.replication\\.factor`)),
    })
  })

  test('the port of a controller is told apart from a broker', async () => {
    const properties = readFileSync(join(kafka.folder, 'node-1.properties'), 'utf8')
    const port = /CONTROLLER:\/\/127\.0\.0\.1:(\d+)/.exec(properties)![1]
    const client = new KafkaClient({ brokers: [`127.0.0.1:${port}`] }, { unreachableTimeout: 5000 })
    const expected = { code: 'request-failed', message: expect.stringMatching(/port of a controller/) }
    await expect(client.check()).rejects.toMatchObject(expected)
    await expect(KafkaSource.open(client, { topics: ['t'], from: 'earliest' })).rejects.toMatchObject(
      expected,
    )
  })

  test('records whose time the broker refuses name the clock', async () => {
    const topic = await ownTopic()
    const sink = await KafkaSink.open(owner)
    const tomorrow = Date.now() + 2 * 86_400_000
    await expect(sink.send(topic, [{ value: 'x', timestamp: tomorrow }])).rejects.toMatchObject({
      code: 'send-failed',
      message: expect.stringMatching(/time of this machine, which is \d{4}-.*/),
    })
    await sink.close()
  })
})
