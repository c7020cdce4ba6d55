import { randomUUID } from 'node:crypto'
import { afterAll, beforeEach, expect, test } from 'vitest'
import type { TransactionVersion } from '../../src/transaction/requests.js'
import { TransactionalProducer } from '../../src/transaction/transactional-producer.js'
import { describeKafka, newTopic, readAll, sharedClient, untilEnds, values } from '../support/kafka.js'
import { FaultyConnections } from './faulty-connections.js'

const versions: TransactionVersion[] = [1, 2]

describeKafka.each(versions)('transactions of version %i', (version) => {
  const client = sharedClient()
  let connections: FaultyConnections
  const opened: FaultyConnections[] = []
  beforeEach(async () => {
    connections = new FaultyConnections(client)
    opened.push(connections)
    await connections.connect()
  })
  afterAll(async () => {
    for (const each of opened) await each.close()
  })

  async function fence(id: string, transactionTimeout = 30_000): Promise<TransactionalProducer> {
    const options = { transactionTimeout, maxBatchBytes: 20_000 }
    const producer = new TransactionalProducer(id, client, connections, version, options)
    await producer.fence()
    return producer
  }
  const newId = () => `id-${randomUUID()}`
  const to = (topic: string, value: string, partition = 0) => ({ topic, partition, key: 'k', value })
  const committed = async (topic: string) => values(await readAll(client, topic))

  test('what is committed is read, what is aborted is not, and a later transaction goes on', async () => {
    const topic = await newTopic(client)
    const producer = await fence(newId())
    await producer.send([to(topic, 'a'), to(topic, 'b')])
    await producer.commit()
    await producer.send([to(topic, 'not this')])
    await producer.abort()
    await producer.send([to(topic, 'c')])
    await producer.send([to(topic, 'd')])
    await producer.commit()
    await untilEnds(client, topic, [8])
    expect(await committed(topic)).toEqual(['a', 'b', 'c', 'd'])
  })

  test('records go to several partitions and topics at once, cut into batches that the broker takes', async () => {
    const [one, two] = [await newTopic(client, { partitions: 2 }), await newTopic(client)]
    const producer = await fence(newId())
    const large = 'x'.repeat(7000)
    const records = Array.from({ length: 30 }, (_, i) =>
      to(i % 3 === 2 ? two : one, `${i} ${large}`, i % 3 === 1 ? 1 : 0),
    )
    const written = await producer.send(records)
    expect(written).toHaveLength(15)
    expect(written.reduce((sum, batch) => sum + batch.records, 0)).toBe(30)
    await producer.commit()
    await untilEnds(client, one, [11, 11])
    await untilEnds(client, two, [11])
    const numbers = async (topic: string) =>
      (await readAll(client, topic)).map(({ partition, value }) => [partition, Number.parseInt(value!, 10)])
    const expected = (rest: number, partition: number) =>
      Array.from({ length: 10 }, (_, i) => [partition, 3 * i + rest])
    const inOne = await numbers(one)
    expect(inOne.filter(([partition]) => partition === 0)).toEqual(expected(0, 0))
    expect(inOne.filter(([partition]) => partition === 1)).toEqual(expected(1, 1))
    expect(await numbers(two)).toEqual(expected(2, 0))
  })

  test('a fenced producer neither writes nor commits, and what it left open is aborted', async () => {
    const topic = await newTopic(client)
    const id = newId()
    const old = await fence(id)
    await old.send([to(topic, 'not this')])
    const heir = await fence(id)
    // The fencing itself has ended the old transaction: a reader waits for nothing.
    await untilEnds(client, topic, [2])
    await expect(old.send([to(topic, 'nor this')])).rejects.toMatchObject({ code: 'fenced' })
    await expect(old.commit()).rejects.toMatchObject({ code: 'fenced' })
    expect(old.isFenced).toBe(true)
    await heir.send([to(topic, 'this')])
    await heir.commit()
    await untilEnds(client, topic, [4])
    expect(await committed(topic)).toEqual(['this'])
  })

  test('a producer fenced just before its commit commits nothing', async () => {
    const topic = await newTopic(client)
    const id = newId()
    const old = await fence(id)
    await old.send([to(topic, 'not this')])
    await fence(id)
    await expect(old.commit()).rejects.toMatchObject({ code: 'fenced' })
    await untilEnds(client, topic, [2])
    expect(await committed(topic)).toEqual([])
  })

  test('two owners that fence each other in turn each lose nothing of what they committed', async () => {
    const topic = await newTopic(client)
    const id = newId()
    for (let turn = 0; turn < 6; turn++) {
      const owner = await fence(id)
      await owner.send([to(topic, String(turn))])
      await owner.commit()
    }
    await untilEnds(client, topic, [12])
    expect(await committed(topic)).toEqual(['0', '1', '2', '3', '4', '5'])
  })

  test.each(['request-lost', 'reply-lost'] as const)(
    'a write whose answer does not come (%s) is there once',
    async (fault) => {
      const topic = await newTopic(client)
      const producer = await fence(newId())
      await producer.send([to(topic, 'a')])
      connections.plan('Produce', fault, fault)
      await producer.send([to(topic, 'b'), to(topic, 'c')])
      await producer.send([to(topic, 'd')])
      await producer.commit()
      await untilEnds(client, topic, [5])
      expect(await committed(topic)).toEqual(['a', 'b', 'c', 'd'])
    },
  )

  test.each(['request-lost', 'reply-lost'] as const)(
    'a commit whose answer does not come (%s) is made once, and the next transaction goes on',
    async (fault) => {
      const topic = await newTopic(client)
      const producer = await fence(newId())
      await producer.send([to(topic, 'a')])
      connections.plan('EndTxn', fault)
      await producer.commit()
      await producer.send([to(topic, 'b')])
      connections.plan('EndTxn', fault)
      await producer.abort()
      await producer.send([to(topic, 'c')])
      await producer.commit()
      await untilEnds(client, topic, [6])
      expect(await committed(topic)).toEqual(['a', 'c'])
    },
  )

  test('fencing whose answer is lost is repeated', async () => {
    connections.plan('InitProducerId', 'reply-lost', 'request-lost')
    connections.plan('FindCoordinator', 'reply-lost')
    const topic = await newTopic(client)
    const producer = await fence(newId())
    await producer.send([to(topic, 'a')])
    await producer.commit()
    await untilEnds(client, topic, [2])
  })

  test('without anything written nothing is asked of the broker', async () => {
    const producer = await fence(newId())
    const before = connections.sent.length
    await producer.send([])
    await producer.commit()
    await producer.abort()
    expect(connections.sent.length).toBe(before)
  })

  test('a record beyond the limit fails the transaction, which can be aborted', async () => {
    const topic = await newTopic(client)
    const producer = await fence(newId())
    await producer.send([to(topic, 'not this')])
    await expect(producer.send([to(topic, 'x'.repeat(30_000))])).rejects.toMatchObject({
      code: 'record-too-large',
    })
    await expect(producer.commit()).rejects.toMatchObject({ code: 'transaction-state' })
    await expect(producer.send([to(topic, 'nor this')])).rejects.toMatchObject({ code: 'transaction-state' })
    await producer.abort()
    await producer.send([to(topic, 'this')])
    await producer.commit()
    await untilEnds(client, topic, [4])
    expect(await committed(topic)).toEqual(['this'])
  })

  test('a batch that the topic does not take fails the transaction, which can be aborted', async () => {
    const topic = await newTopic(client, { config: { 'max.message.bytes': '2000' } })
    const producer = await fence(newId())
    await expect(producer.send([to(topic, 'x'.repeat(5000))])).rejects.toMatchObject({
      code: 'record-too-large',
      message: expect.stringContaining('max.message.bytes'),
    })
    await producer.abort()
    await producer.send([to(topic, 'this')])
    await producer.commit()
    await expect.poll(() => committed(topic)).toEqual(['this'])
  })

  test('a topic that does not exist, and a partition that does not, are named', async () => {
    const producer = await fence(newId())
    const topic = await newTopic(client)
    const missing = `missing-${randomUUID()}`
    await expect(producer.send([to(missing, 'x')])).rejects.toMatchObject({
      code: 'unknown-topic',
      message: expect.stringContaining(missing),
    })
    await producer.abort()
    await expect(producer.send([to(topic, 'x', 7)])).rejects.toMatchObject({
      code: 'unknown-topic',
      message: expect.stringContaining(version === 1 ? topic : 'partition 7'),
    })
  }, 30_000)

  test('two calls at once are refused', async () => {
    const topic = await newTopic(client)
    const producer = await fence(newId())
    const sending = producer.send([to(topic, 'a')])
    await expect(producer.commit()).rejects.toMatchObject({ code: 'transaction-state' })
    await sending
    await producer.commit()
    await expect.poll(() => committed(topic)).toEqual(['a'])
  })

  test('64 owners commit over one connection', async () => {
    const topic = await newTopic(client, { partitions: 8 })
    const owners = await Promise.all(Array.from({ length: 64 }, () => fence(newId())))
    await Promise.all(
      owners.map(async (owner, i) => {
        for (let step = 0; step < 5; step++) {
          await owner.send([to(topic, `${i}/${step}`, i % 8)])
          await owner.commit()
        }
      }),
    )
    await expect.poll(async () => new Set(await committed(topic)).size, { timeout: 20_000 }).toBe(320)
    expect(await committed(topic)).toHaveLength(320)
  }, 60_000)

  test('the protocol is the one of its version', async () => {
    const topic = await newTopic(client)
    const producer = await fence(newId())
    connections.sent.length = 0
    const epoch = producer.epoch
    await producer.send([to(topic, 'a')])
    await producer.send([to(topic, 'b')])
    await producer.commit()
    const ofTransaction = connections.sent.filter((each) => !each.startsWith('FindCoordinator'))
    if (version === 1) {
      expect(ofTransaction).toEqual(['AddPartitionsToTxn 3', 'Produce 11', 'Produce 11', 'EndTxn 3'])
      expect(producer.epoch).toBe(epoch)
    } else {
      expect(ofTransaction).toEqual(['Produce 12', 'Produce 12', 'EndTxn 5'])
      expect(producer.epoch).toBe(epoch + 1)
    }
  })
})
