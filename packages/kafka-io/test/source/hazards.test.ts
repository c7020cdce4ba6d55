import { Socket } from 'node:net'
import { runKafkaTool } from '@card/local-kafka'
import type { Producer } from 'kafkajs'
import { expect, inject, onTestFinished, test, vi } from 'vitest'
import { KafkaSource } from '../../src/index.js'
import {
  batchesOf,
  describeKafka,
  describeLocalKafka,
  newTopic,
  numbered,
  readAll,
  readUntil,
  sharedClient,
  untilEnds,
  untilLed,
  values,
  write,
} from '../support/kafka.js'

/** Names of the groups of this run: they must not meet those of another. */
const run = Math.random().toString(36).slice(2)

/** Whether this is a Fetch request: API key 1, behind the size. */
function isFetch(request: Uint8Array): boolean {
  return Buffer.from(request).readInt16BE(4) === 1
}

describeKafka('what goes wrong with kafkajs alone', () => {
  const client = sharedClient()

  test('an error in the code that counts ends the loop with that error, not in silence', async () => {
    const topic = await newTopic(client)
    await write(client, topic, numbered(0, 3))
    const group = `error-${run}`
    const source = await KafkaSource.open(client, { topics: [topic], group, from: 'earliest' })
    const count = async () => {
      for await (const event of source) {
        if (event.kind === 'records') throw new TypeError('a bug of the user')
      }
    }
    await expect(count()).rejects.toThrow('a bug of the user')
    expect(await source.next()).toEqual({ done: true, value: undefined })
    // It has left its group, so others take over at once.
    const { groups } = await client.admin((admin) => admin.describeGroups([group]))
    expect(groups[0]!.members).toEqual([])
  })

  test('a group that will never take us is an error, not an idle process', async () => {
    const topic = await newTopic(client)
    const options = {
      topics: [topic],
      group: `refused-${run}`,
      from: 'earliest' as const,
      sessionTimeout: 100,
    }
    const source = await KafkaSource.open(client, options)
    await expect(source.next()).rejects.toMatchObject({
      code: 'bad-settings',
      message: expect.stringMatching(/session timeout of 100 ms.*group\.min\.session\.timeout\.ms/),
    })
  })

  test.each([
    ['a batch a fetch', 1],
    ['a few batches a fetch', 400],
    ['one big fetch', 2_000_000],
  ])('aborted records of interleaved producers are never seen, with %s', async (_name, fetchBytes) => {
    const topic = await newTopic(client)
    const producers = await Promise.all(
      [0, 1, 2].map(async (i) => {
        const producer = client.kafka().producer({ transactionalId: `${topic}-${i}`, maxInFlightRequests: 1 })
        await producer.connect()
        return producer
      }),
    )
    const committed: string[] = []
    for (let round = 0; round < 6; round++) {
      const transactions = []
      for (const producer of producers) transactions.push(await producer.transaction())
      for (let step = 0; step < 2; step++) {
        for (const [i, transaction] of transactions.entries()) {
          const aborts = i !== round % 3
          const value = `${aborts ? 'aborted' : 'committed'} ${round} ${i} ${step}`
          // A key of four zero bytes looks like the key of an abort marker.
          await transaction.send({ topic, messages: [{ key: Buffer.alloc(4), value }] })
          if (!aborts) committed.push(value)
        }
      }
      for (const [i, transaction] of transactions.entries()) {
        await (i === round % 3 ? transaction.commit() : transaction.abort())
      }
    }
    await Promise.all(producers.map((producer: Producer) => producer.disconnect()))
    // Of 18 transactions: two records each, and a marker.
    await untilEnds(client, topic, [18 * 3])
    expect(values(await readAll(client, topic, { fetchBytes })).sort()).toEqual(committed.sort())
    const all = await readAll(client, topic, { fetchBytes, readUncommitted: true })
    expect(all).toHaveLength(36)
  })

  test.each([
    ['alone', undefined],
    ['in a group', `added-${run}`],
  ])(
    'partitions added while it reads are noticed %s, and read from their first record',
    async (_name, group) => {
      const topic = await newTopic(client)
      const from = 'latest' as const
      const source = await KafkaSource.open(client, {
        topics: [topic],
        from,
        metadataInterval: 500,
        ...(group !== undefined && { group }),
      })
      await readUntil(source, (_, events) => events.some(({ kind }) => kind === 'assigned'))
      await client.admin((admin) => admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] }))
      await untilLed(client, topic, 3)
      await write(client, topic, [...numbered(0, 3, 1), ...numbered(10, 13, 2)])
      const rows = await readUntil(source, ({ length }) => length === 6)
      expect(values(rows).sort()).toEqual(['v0', 'v1', 'v10', 'v11', 'v12', 'v2'])
      await source.close()
    },
  )

  test('a topic that begins to match a pattern while a group reads is taken up', async () => {
    const name = `grow-${run}`
    const first = await newTopic(client, { topic: `${name}.1` })
    const source = await KafkaSource.open(client, {
      topics: [new RegExp(`^${name}\\.`)],
      group: name,
      from: 'latest',
      metadataInterval: 500,
    })
    await readUntil(source, (_, events) => events.some(({ kind }) => kind === 'assigned'))
    await write(client, first, numbered(4, 5))
    await readUntil(source, ({ length }) => length === 1)
    const second = await newTopic(client, { topic: `${name}.2` })
    await write(client, second, numbered(0, 2))
    const rows = await readUntil(source, ({ length }) => length >= 2)
    await write(client, first, numbered(5, 6))
    rows.push(...(await readUntil(source, ({ length }) => length >= 1)))
    // What was read of the first topic before the group took it away for the second does not come again.
    expect(values(rows)).toEqual(['v0', 'v1', 'v5'])
    await source.close()
  })

  test('waiting for records costs no stream of timers', async () => {
    const topic = await newTopic(client)
    const source = await KafkaSource.open(client, { topics: [topic], group: `idle-${run}`, from: 'latest' })
    await readUntil(source, (_, events) => events.some(({ kind }) => kind === 'assigned'))
    const original = globalThis.setTimeout
    let timers = 0
    globalThis.setTimeout = Object.assign(
      (...args: Parameters<typeof setTimeout>) => {
        timers++
        return original(...args)
      },
      { __promisify__: original.__promisify__ },
    )
    const next = source.next()
    await new Promise((resolve) => original(resolve, 1500))
    globalThis.setTimeout = original
    // kafkajs alone sets some 2,000 a second on each connection that has ever been used.
    expect(timers).toBeLessThan(100)
    await write(client, topic, numbered(0, 1))
    expect((await next).value).toMatchObject({ kind: 'records' })
    await source.close()
  })

  test('closing does not wait for the answer to an open fetch', { timeout: 20_000 }, async () => {
    const topic = await newTopic(client)
    const sent = vi.spyOn(Socket.prototype, 'write')
    onTestFinished(() => sent.mockRestore())
    const fetches = () => sent.mock.calls.filter(([bytes]) => isFetch(bytes as Uint8Array)).length
    const source = await KafkaSource.open(client, { topics: [topic], from: 'latest', maxWait: 25_000 })
    await vi.waitUntil(() => fetches() >= 1, { timeout: 10_000 })
    await write(client, topic, numbered(0, 1))
    await readUntil(source, ({ length }) => length === 1)
    const waiting = source.next()
    // The next fetch is on its way, and nothing will come to answer it.
    await vi.waitUntil(() => fetches() >= 2, { timeout: 10_000 })
    await source.close()
    expect(await waiting).toEqual({ done: true, value: undefined })
  })

  // Other brokers than ours allow no session as short as this.
  test.skipIf(inject('kafkaMode') !== 'local')(
    'work that takes longer than the session costs neither the partition nor a repeated batch',
    async () => {
      const topic = await newTopic(client)
      await write(client, topic, numbered(0, 3))
      // Long enough for heartbeats on a busy machine: a member that was dropped would be told so.
      const sessionTimeout = 3000
      const source = await KafkaSource.open(client, {
        topics: [topic],
        group: `slow-${run}`,
        from: 'earliest',
        sessionTimeout,
      })
      await readUntil(source, ({ length }) => length === 3)
      await new Promise((resolve) => setTimeout(resolve, 1.5 * sessionTimeout))
      await write(client, topic, numbered(3, 5))
      const seen: string[] = []
      const rows = await readUntil(source, ({ length }, events) => {
        seen.push(...events.map(({ kind }) => kind))
        return length === 2
      })
      expect(values(rows)).toEqual(['v3', 'v4'])
      expect(new Set(seen)).toEqual(new Set(['records']))
      await source.close()
    },
  )

  test('two members in one process share a topic out: every record is read once', async () => {
    const topic = await newTopic(client, { partitions: 4 })
    const options = { topics: [topic], group: `pair-${run}`, from: 'earliest' as const }
    const sources = await Promise.all([1, 2].map(() => KafkaSource.open(client, options)))
    const assigned = () => sources.map((source) => source.status().length).sort()
    const reading = sources.map(async (source) => {
      const seen: (string | null)[] = []
      for await (const event of source) {
        if (event.kind !== 'records') continue
        for (let row = 0; row < event.columns.rows; row++)
          seen.push(`${event.partition}/${event.columns.offset[row]}`)
        total += event.columns.rows
      }
      return seen
    })
    let total = 0
    await expect.poll(assigned).toEqual([2, 2])
    await write(
      client,
      topic,
      [0, 1, 2, 3].flatMap((partition) => numbered(0, 5, partition)),
    )
    await expect.poll(() => total).toBe(20)
    await Promise.all(sources.map((source) => source.close()))
    const seen = (await Promise.all(reading)).flat()
    expect(new Set(seen).size).toBe(20)
    expect(seen).toHaveLength(20)
  })

  test('a member that leaves hands its partitions to the other, who is told', async () => {
    const topic = await newTopic(client, { partitions: 2 })
    await write(client, topic, [...numbered(0, 2, 0), ...numbered(0, 2, 1)])
    const options = { topics: [topic], group: `leave-${run}`, from: 'earliest' as const }
    const stays = await KafkaSource.open(client, options)
    await readUntil(stays, ({ length }) => length === 4)
    const leaves = await KafkaSource.open(client, options)
    const revoked = await nextOf(stays, 'revoked')
    expect(revoked.partitions).toHaveLength(1)
    await nextOf(leaves, 'assigned')
    await leaves.close()
    const assigned = await nextOf(stays, 'assigned')
    // Behind the records that it has handed over: none of them comes twice.
    expect(assigned.partitions).toEqual([{ ...revoked.partitions[0], position: 2 }])
    await stays.close()
  })

  test('a member that is closed while it joins leaves its group, and does not come back', async () => {
    const topic = await newTopic(client)
    const group = `hasty-${run}`
    const options = { topics: [topic], group, from: 'earliest' as const, sessionTimeout: 6000 }
    const groupNow = async () => {
      const { groups } = await client.admin((admin) => admin.describeGroups([group]))
      return [groups[0]!.state, groups[0]!.members.length]
    }
    const stays = await KafkaSource.open(client, options)
    await nextOf(stays, 'assigned')
    const hasty = await KafkaSource.open(client, options)
    // It is known to the broker, and waits for the other member to join anew.
    await expect.poll(async () => (await groupNow())[1]).toBe(2)
    await hasty.close()
    await expect.poll(groupNow).toEqual(['Stable', 1])
    await write(client, topic, numbered(0, 3))
    expect(values(await readUntil(stays, ({ length }) => length === 3))).toEqual(['v0', 'v1', 'v2'])
    await stays.close()
  })

  test('records that retention took before they were read are a gap that is told, not a jump to the end', async () => {
    const topic = await newTopic(client)
    await write(client, topic, numbered(0, 10))
    // The admin of kafkajs deletes only where it has met the topic before.
    await client.admin(async (admin) => {
      await admin.fetchTopicOffsets(topic)
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '6' }] })
    })
    const source = await KafkaSource.open(client, { topics: [topic], from: 'latest', startAt: async () => 2 })
    const gap = await nextOf(source, 'gap')
    expect(gap).toMatchObject({ topic, partition: 0, reason: 'retention', from: 2, to: 6 })
    expect(values(await readUntil(source, ({ length }) => length === 4))).toEqual(['v6', 'v7', 'v8', 'v9'])
    await source.close()
  })

  test('a topic deleted while it is read is an error in the end, with its name', async () => {
    const impatient = sharedClient({ unreachableTimeout: 1000 })
    const topic = await newTopic(client)
    const source = await KafkaSource.open(impatient, { topics: [topic], from: 'earliest' })
    await nextOf(source, 'assigned')
    await client.admin((admin) => admin.deleteTopics({ topics: [topic] }))
    await expect(readUntil(source, () => false)).rejects.toMatchObject({
      code: 'unknown-topic',
      message: expect.stringContaining(topic),
    })
  })
})

describeLocalKafka('what only Kafka itself writes', () => {
  const client = sharedClient()

  test('one batch of 130,000 records is read whole', async () => {
    const topic = await newTopic(client, { config: { 'max.message.bytes': '10000000' } })
    const producer = [
      'batch.size=8000000',
      'linger.ms=20000',
      'max.request.size=9000000',
      'buffer.memory=64000000',
    ]
    const server = `bootstrap.servers=${inject('kafkaBrokers').join(',')}`
    await runKafkaTool('org.apache.kafka.tools.ProducerPerformance', [
      ...['--topic', topic, '--num-records', '130000', '--record-size', '10', '--throughput', '-1'],
      ...['--producer-props', server, ...producer],
    ])
    const source = await KafkaSource.open(client, { topics: [topic], from: 'earliest', until: 'end' })
    const rows: number[] = []
    for await (const event of source) if (event.kind === 'records') rows.push(event.columns.rows)
    expect(rows).toEqual([130_000])
  })

  test('an empty batch that it leaves behind does not hold reading up, even as all that a fetch brings', async () => {
    const config = { 'cleanup.policy': 'compact', 'min.cleanable.dirty.ratio': '0.001', 'segment.ms': '100' }
    const topic = await newTopic(client, { config })
    const producer = client.kafka().producer({ idempotent: true, maxInFlightRequests: 1 })
    await producer.connect()
    const keyed = (text: string) =>
      Array.from({ length: 10 }, (_, i) => ({ key: `k${i}`, value: `${text}${i}` }))
    await write(client, topic, keyed('a'))
    // The cleaner keeps the last batch of a producer's sequence, without records when all are superseded.
    await producer.send({ topic, messages: keyed('b') })
    await producer.disconnect()
    await write(client, topic, keyed('c'))
    const superseded = async () => {
      // A segment is rolled, and so cleanable, when something is written after its time.
      await write(client, topic, [{ key: 'roll', value: 'x' }])
      const rows = await readAll(client, topic)
      return rows.filter(({ value }) => /^[ab]/.test(value ?? '')).length
    }
    await expect.poll(superseded, { timeout: 60_000, interval: 300 }).toBe(0)
    // It is really there: offsets 10 to 19 without a record.
    expect(await batchesOf(client, topic, 10)).toContainEqual({ baseOffset: 10, lastOffset: 19, count: 0 })
    const rows = await readAll(client, topic, { startAt: async () => 10, fetchBytes: 1 })
    expect(values(rows).filter((value) => value !== 'x')).toEqual(keyed('c').map(({ value }) => value))
  }, 90_000)
})

async function nextOf<K extends 'gap' | 'revoked' | 'assigned'>(source: KafkaSource, kind: K) {
  for (;;) {
    const { value, done } = await source.next()
    if (done) throw new Error(`the source ended before ${kind}`)
    if (value.kind === kind) return value as Extract<typeof value, { kind: K }>
  }
}
