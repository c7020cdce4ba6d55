import { runKafkaTool } from '@card/local-kafka'
import { expect, inject, test } from 'vitest'
import { KafkaSource } from '../../src/index.js'
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

describeLocalKafka('a group whose members use the consumer protocol', () => {
  test('is refused by name, instead of reading nothing of it', async () => {
    const topic = await newTopic(client)
    await write(client, topic, numbered(0, 3))
    const group = `new-${unique()}`
    const consumer = runKafkaTool('org.apache.kafka.tools.ConsoleConsumer', [
      ...['--bootstrap-server', inject('kafkaBrokers').join(','), '--topic', topic, '--group', group],
      ...['--command-property', 'group.protocol=consumer', '--timeout-ms', '20000'],
    ])
    const ended = consumer.then(
      () => 'ended',
      (error) => String(error),
    )
    const groups = () => client.admin(async (admin) => (await admin.listGroups()).groups)
    await expect
      .poll(async () => (await groups()).some(({ groupId }) => groupId === group), { timeout: 20_000 })
      .toBe(true)
    const options = { topics: [topic], group, from: 'earliest' as const }
    for (const until of [{}, { until: 'end' as const }]) {
      await expect(KafkaSource.open(client, { ...options, ...until })).rejects.toMatchObject({
        code: 'bad-settings',
        message: expect.stringMatching(new RegExp(`The group ${group} .*KIP-848`)),
      })
    }
    await ended
  })
})

describeKafka('a group that has no partition for a member', () => {
  test('is an error for one that reads to the end', async () => {
    const topic = await newTopic(client)
    await write(client, topic, numbered(0, 3))
    const options = { topics: [topic], group: `full-${unique()}`, from: 'earliest' as const }
    const holder = await KafkaSource.open(client, options)
    const reading = readUntil(holder, () => false)
    // The members' names decide who gets the partition, and they are drawn anew each time.
    const outcome = async () => {
      const member = await KafkaSource.open(client, { ...options, until: 'end' })
      return readUntil(member, () => false).then(
        ({ length }) => `read ${length}`,
        ({ code, message }) => `${code}: ${message}`,
      )
    }
    await expect
      .poll(outcome, { timeout: 30_000 })
      .toMatch(new RegExp(`no-partitions: The group ${options.group} `))
    await holder.close()
    await reading
  })
})
