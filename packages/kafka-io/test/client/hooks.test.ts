import { Kafka, logLevel } from 'kafkajs'
import { expect, inject, test } from 'vitest'
import { AnswerBuffers } from '../../src/client/answer-buffers.js'
import { BrokerAddresses } from '../../src/client/broker-addresses.js'
import { adaptConnections, rawCluster } from '../../src/client/hooks.js'
import { KafkaClient, KafkaSource } from '../../src/index.js'
import { describeKafka, newTopic, numbered, readUntil, sharedClient, write } from '../support/kafka.js'

test('another version of kafkajs is refused at once, by what it should be', () => {
  expect(() => adaptConnections({} as Kafka, new BrokerAddresses([]))).toThrow(/kafkajs 2\.2\.4/)
  expect(() => rawCluster({} as Kafka, {}, new AnswerBuffers(0))).toThrow(/kafkajs 2\.2\.4/)
})

test('nobody at the address: one clear error', async () => {
  const client = new KafkaClient({ brokers: ['127.0.0.1:1'] }, { unreachableTimeout: 300 })
  const expected = {
    code: 'broker-unreachable',
    message: expect.stringMatching(/127\.0\.0\.1:1 .*ECONNREFUSED.*check the address/),
  }
  await expect(client.check()).rejects.toMatchObject(expected)
  await expect(KafkaSource.open(client, { topics: ['t'], from: 'earliest' })).rejects.toMatchObject(expected)
})

describeKafka('the hooks', () => {
  test('leave other users of kafkajs in the process alone', async () => {
    const client = sharedClient()
    const topic = await newTopic(client)
    await write(client, topic, numbered(0, 3))
    const source = await KafkaSource.open(client, { topics: [topic], from: 'earliest' })
    const kafka = new Kafka({ brokers: inject('kafkaBrokers'), logLevel: logLevel.NOTHING })
    const consumer = kafka.consumer({ groupId: `other-${topic}`, maxWaitTimeInMs: 500 })
    const seen: string[] = []
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await consumer.run({ eachMessage: async ({ message }) => void seen.push(String(message.value)) })
    expect(await readUntil(source, ({ length }) => length === 3)).toHaveLength(3)
    await expect.poll(() => seen).toEqual(['v0', 'v1', 'v2'])
    await consumer.disconnect()
    await source.close()
  })
})
