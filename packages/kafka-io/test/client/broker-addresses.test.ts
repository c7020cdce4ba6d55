import { connect, createServer, type Server } from 'node:net'
import { expect, inject, onTestFinished, test } from 'vitest'
import { BrokerAddresses, parseBrokerAddress } from '../../src/client/broker-addresses.js'
import { KafkaClient, KafkaSink, KafkaSource, type Outage, topicOffsets } from '../../src/index.js'
import {
  describeKafka,
  newTopic,
  numbered,
  readUntil,
  sharedClient,
  values,
  write,
} from '../support/kafka.js'

test.each([
  ['localhost:9092', 'localhost', 9092],
  ['10.0.0.1:1', '10.0.0.1', 1],
  ['[::1]:9092', '::1', 9092],
  ['[fe80::1%eth0]:65535', 'fe80::1%eth0', 65535],
  ['broker-1.example_net:09', 'broker-1.example_net', 9],
])('%s is read', (text, host, port) => {
  expect(parseBrokerAddress(text)).toEqual({ host, port })
})

test.each([
  'localhost',
  ':9092',
  'a:0',
  'a:65536',
  'a:b',
  'a:1:2',
  '::1:9092',
  '[::1]',
  '[a]:1',
  'http://a:9092',
  'a b:1',
  'a:1,b:2',
  '',
])('%j is no address', (text) => {
  expect(parseBrokerAddress(text)).toBeNull()
})

test('addresses are tried in turn, and the one that answers is kept', () => {
  const addresses = new BrokerAddresses(['a', 'b', 'c'].map((host) => ({ host, port: 1 })))
  const first = addresses.current
  addresses.failed(first)
  // Reported by a second user.
  addresses.failed(first)
  expect(addresses.current.host).toBe('b')
  addresses.failed(addresses.current)
  addresses.failed(addresses.current)
  expect(addresses.current.host).toBe('a')
})

describeKafka('several addresses', () => {
  const nobody = '127.0.0.1:1'
  const [broker] = inject('kafkaBrokers')
  const shared = sharedClient()

  test('the first of which nobody answers at: everything works by the next, at once', async () => {
    const topic = await newTopic(shared)
    const outages: Outage[] = []
    const client = new KafkaClient(
      { brokers: [nobody, broker!] },
      { unreachableTimeout: 20_000, onUnreachable: (outage) => outages.push(outage) },
    )
    const began = performance.now()
    await client.check()
    const sink = await KafkaSink.open(client)
    await sink.send(topic, [{ value: 'through' }])
    await sink.close()
    const source = await KafkaSource.open(client, { topics: [topic], from: 'earliest', until: 'end' })
    expect(values(await readUntil(source, () => false))).toEqual(['through'])
    expect((await topicOffsets(client, topic))[0]!.high).toBe(1)
    expect(performance.now() - began).toBeLessThan(10_000)
  })

  test('a source whose first address goes away goes on by another', async () => {
    const topic = await newTopic(shared)
    const forwarder = await forward(broker!)
    onTestFinished(() => forwarder.close())
    const client = new KafkaClient({ brokers: [forwarder.address, broker!] }, { unreachableTimeout: 20_000 })
    const source = await KafkaSource.open(client, { topics: [topic], from: 'earliest' })
    await write(shared, topic, numbered(0, 1))
    await readUntil(source, ({ length }) => length === 1)
    forwarder.close()
    await write(shared, topic, numbered(1, 2))
    expect(values(await readUntil(source, ({ length }) => length === 1))).toEqual(['v1'])
    await client.check()
    await source.close()
  })

  test('of which none answers: said at once, with all of them and until when', async () => {
    const outages: Outage[] = []
    const client = new KafkaClient(
      { brokers: [nobody, '[::1]:1'] },
      { unreachableTimeout: 1000, onUnreachable: (outage) => outages.push(outage) },
    )
    const began = Date.now()
    const failed = expect(client.check()).rejects.toMatchObject({ code: 'broker-unreachable' })
    await expect.poll(() => outages.length).toBe(1)
    expect(outages[0]).toMatchObject({
      brokers: [nobody, '[::1]:1'],
      reason: expect.stringContaining('connect'),
    })
    expect(outages[0]!.until - began).toBeGreaterThanOrEqual(1000)
    await failed
    expect(outages).toHaveLength(1)
  })
})

/** An address that leads to a broker, until it is closed. */
async function forward(broker: string): Promise<{ address: string; close(): void }> {
  const { host, port } = parseBrokerAddress(broker)!
  const sockets = new Set<{ destroy(): void }>()
  const server: Server = createServer((from) => {
    const to = connect(port, host)
    for (const socket of [from, to]) {
      sockets.add(socket)
      socket.on('error', () => {})
    }
    from.pipe(to).pipe(from)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address() as { port: number }
  return {
    address: `127.0.0.1:${address.port}`,
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
