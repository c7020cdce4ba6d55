import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { KafkaClient, topicOffsets } from '@card/kafka-io'
import { beforeAll, expect, test } from 'vitest'
import { finish, Program } from '../program.js'
import { client, describeKafka, newName, newTopic, topicFlags } from './broker.js'

let producer: Program

beforeAll(async () => {
  producer = await Program.build()
})

describeKafka('count', () => {
  test('by offsets and exactly, over all partitions', async () => {
    const topic = await newTopic(3)
    expect((await producer.run(['count', ...topicFlags(topic)])).out.toString()).toBe('0\n')
    await producer.run(['generate', '--frames', '2345', '--line-length', '100', ...topicFlags(topic)])
    const estimate = await producer.run(['count', ...topicFlags(topic)])
    expect({ code: estimate.code, out: estimate.out.toString() }).toEqual({ code: 0, out: '2345\n' })
    expect(estimate.err).toContain('--exact')
    const exact = await producer.run(['count', ...topicFlags(topic), '--exact'])
    expect({ ...exact, out: exact.out.toString() }).toEqual({ code: 0, out: '2345\n', err: '' })
  })

  test('the estimate counts markers and aborted records of transactions, --exact does not', async () => {
    const topic = await newTopic()
    const kafka = new KafkaClient(client().settings).kafka()
    const writer = kafka.producer({ transactionalId: newName(), idempotent: true, maxInFlightRequests: 1 })
    await writer.connect()
    for (const end of ['commit', 'abort'] as const) {
      const transaction = await writer.transaction()
      await transaction.send({ topic, messages: [{ value: 'a' }, { value: 'b' }, { value: 'c' }] })
      await transaction[end]()
    }
    await writer.disconnect()
    // The end of a transaction is answered before its marker is written.
    await expect.poll(async () => (await topicOffsets(client(), topic))[0]!.high).toBe(8)
    expect((await producer.run(['count', ...topicFlags(topic)])).out.toString()).toBe('8\n')
    expect((await producer.run(['count', ...topicFlags(topic), '--exact'])).out.toString()).toBe('3\n')
  })

  test.each([[[]], [['--exact']]])('an unknown topic exits 78 %j', async (flags) => {
    const { code, err, out } = await producer.run(['count', ...topicFlags(newName()), ...flags])
    expect({ code, out: out.toString() }).toEqual({ code: 78, out: '' })
    expect(err).toMatch(/^producer: Expected the topic .*\n$/)
  })
})

test('a stop while a broker does not answer ends it with its signal', async () => {
  const sockets: Socket[] = []
  const server = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1')
  const connected = once(server, 'connection')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const child = producer.start(['count', '--topic', 't', '--brokers', `127.0.0.1:${port}`])
  const finished = finish(child)
  await connected
  child.kill('SIGINT')
  expect((await finished).code).toBe(130)
  for (const socket of sockets) socket.destroy()
  server.close()
})
