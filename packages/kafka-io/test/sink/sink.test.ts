import { expect, test } from 'vitest'
import { compressionOf } from '../../src/codecs/compressors.js'
import { KafkaSink } from '../../src/index.js'
import { describeKafka, newTopic, readAll, sharedClient, values } from '../support/kafka.js'

describeKafka('the sink', () => {
  const client = sharedClient()

  test('writes keys, headers and the wall clock, and a key always to the same partition', async () => {
    const topic = await newTopic(client, { partitions: 4 })
    const sink = await KafkaSink.open(client)
    const before = Date.now()
    const headers = { pane: 'final', revision: '0' }
    for (let i = 0; i < 3; i++) {
      await sink.send(
        topic,
        ['a', 'b', 'c'].map((key) => ({ key, value: `${key}${i}`, headers })),
      )
    }
    await sink.close()
    const rows = await readAll(client, topic)
    expect(values(rows).sort()).toEqual(['a0', 'a1', 'a2', 'b0', 'b1', 'b2', 'c0', 'c1', 'c2'])
    for (const key of ['a', 'b', 'c']) {
      expect(new Set(rows.filter((row) => row.key === key).map(({ partition }) => partition)).size).toBe(1)
    }
    for (const { timestamp } of rows) expect(timestamp).toBeGreaterThanOrEqual(before)
    const seen = await headersOf(topic)
    expect(seen).toHaveLength(9)
    expect(seen[0]).toEqual(headers)
  })

  test('10,000 records of 250 bytes in one call are written, though no broker takes them as one batch', async () => {
    const topic = await newTopic(client)
    const sink = await KafkaSink.open(client)
    const value = 'x'.repeat(250)
    await sink.send(
      topic,
      Array.from({ length: 10_000 }, (_, i) => ({ key: String(i), value })),
    )
    await sink.close()
    expect((await readAll(client, topic)).map(({ key }) => Number(key))).toEqual(
      Array.from({ length: 10_000 }, (_, i) => i),
    )
  })

  test.each(['none', 'gzip', 'zstd'] as const)(
    'a record that the topic does not take is named, and those after it still go (%s)',
    async (codec) => {
      const topic = await newTopic(client, { config: { 'max.message.bytes': '2000' } })
      const sink = await KafkaSink.open(client, { compression: compressionOf(codec) })
      const value = Array.from({ length: 3000 }, () => Math.random().toString(36)[2]).join('')
      await expect(sink.send(topic, [{ value }])).rejects.toMatchObject({
        code: 'record-too-large',
        message: expect.stringMatching(/max\.message\.bytes/),
      })
      // Each fits, all of them together do not, compressed or not.
      const small = Array.from({ length: 100 }, (_, i) => `${i}${value.slice(20 * i, 20 * i + 900)}`)
      await sink.send(
        topic,
        small.map((each) => ({ value: each })),
      )
      await sink.close()
      expect(values(await readAll(client, topic))).toEqual(small)
    },
  )

  test('a topic that does not exist is an error with its name, and is not made on the way', async () => {
    const sink = await KafkaSink.open(client)
    await sink.send(await newTopic(client), [{ value: 'x' }])
    expect(sink.failures).toBe(0)
    await expect(sink.send('no-such-topic', [{ value: 'x' }])).rejects.toMatchObject({
      code: 'unknown-topic',
      message: expect.stringContaining('no-such-topic'),
    })
    // A topic that was just made may be unknown for a moment: it was tried again.
    expect(sink.failures).toBeGreaterThan(1)
    await sink.close()
    expect(await client.admin((admin) => admin.listTopics())).not.toContain('no-such-topic')
  })

  test('closing waits for what is being sent, and refuses what comes after', async () => {
    const topic = await newTopic(client)
    const sink = await KafkaSink.open(client)
    const sends = [1, 2, 3].map((i) => sink.send(topic, [{ value: String(i) }]))
    await sends[0]
    const closing = sink.close()
    await expect(sink.send(topic, [{ value: 'late' }])).rejects.toMatchObject({ code: 'closed' })
    await closing
    const results = await Promise.allSettled(sends)
    const sent = results.flatMap(({ status }, i) => (status === 'fulfilled' ? [String(i + 1)] : []))
    expect(values(await readAll(client, topic))).toEqual(sent)
  })

  // By kafkajs itself: headers are no part of our columns.
  async function headersOf(topic: string): Promise<Record<string, string>[]> {
    const consumer = client.kafka().consumer({ groupId: `headers-${topic}`, maxWaitTimeInMs: 500 })
    const seen: Record<string, string>[] = []
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await consumer.run({
      eachMessage: async ({ message: { headers = {} } }) => {
        seen.push(Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])))
      },
    })
    await expect.poll(() => seen.length).toBe(9)
    await consumer.disconnect()
    return seen
  }
})
