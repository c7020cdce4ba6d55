import { expect, test } from 'vitest'
import { KafkaSource, type SourceEvent, type SourceOptions } from '../../src/index.js'
import {
  describeKafka,
  newTopic,
  numbered,
  readUntil,
  sharedClient,
  values,
  write,
} from '../support/kafka.js'

describeKafka('a topic that is deleted and made anew', () => {
  const client = sharedClient()

  /** A topic of so many records, read to its end; the source goes on. */
  async function readTopic(partitions: number, records: number, options: Partial<SourceOptions> = {}) {
    const topic = await newTopic(client, { partitions })
    const all = Array.from({ length: partitions }, (_, partition) => numbered(0, records, partition)).flat()
    await write(client, topic, all)
    const source = await KafkaSource.open(client, { topics: [topic], from: 'earliest', ...options })
    await readUntil(source, ({ length }) => length === all.length)
    return { topic, source }
  }

  async function makeAnew(topic: string, partitions: number) {
    await client.admin((admin) => admin.deleteTopics({ topics: [topic] }))
    await expect
      .poll(() => client.admin(async (admin) => (await admin.listTopics()).includes(topic)))
      .toBe(false)
    await newTopic(client, { topic, partitions })
  }

  test.each([
    ['shorter', 3],
    ['as long', 10],
    ['longer', 25],
  ])('%s, is read from its beginning behind a gap that tells it', async (_name, length) => {
    const { topic, source } = await readTopic(1, 10)
    await makeAnew(topic, 1)
    await write(client, topic, numbered(50, 50 + length))
    expect(await nextOf(source, 'gap')).toMatchObject({ reason: 'recreated', partition: 0, from: 10, to: 0 })
    const rows = await readUntil(source, (seen) => seen.length === length)
    expect(values(rows)).toEqual(numbered(50, 50 + length).map(({ value }) => value))
    await source.close()
  })

  test('is read from its beginning in a group, too', async () => {
    const { topic, source } = await readTopic(2, 5, {
      group: `anew-${Math.random().toString(36).slice(2)}`,
      metadataInterval: 500,
    })
    await makeAnew(topic, 2)
    await write(client, topic, [...numbered(20, 40, 0), ...numbered(20, 40, 1)])
    const rows = await readUntil(source, (seen) => seen.length === 40)
    expect(rows.map(({ offset }) => offset).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 40 }, (_, i) => i >> 1),
    )
    await source.close()
  })

  test('with fewer partitions ends those that are no more, and goes on with the others', async () => {
    const { topic, source } = await readTopic(3, 4)
    await makeAnew(topic, 1)
    await write(client, topic, numbered(50, 52))
    const events: SourceEvent[] = []
    const rows = await readUntil(source, ({ length }, all) => {
      events.splice(0, Number.POSITIVE_INFINITY, ...all)
      return length === 2 && all.filter(({ kind }) => kind === 'end').length === 2
    })
    expect(values(rows)).toEqual(['v50', 'v51'])
    const ended = events.flatMap((event) =>
      event.kind === 'end' ? [[event.partition, event.nextOffset]] : [],
    )
    expect(ended.sort()).toEqual([
      [1, 4],
      [2, 4],
    ])
    expect(source.status().map(({ partition }) => partition)).toEqual([0])
    await source.close()
  })

  test.each([
    ['shorter', 5],
    ['longer', 60],
  ])('%s, while it is read to its end, is an error that says so', async (_name, length) => {
    const topic = await newTopic(client)
    // Batches that are fetched one at a time.
    for (let i = 0; i < 20; i += 2) await write(client, topic, numbered(i, i + 2))
    const source = await KafkaSource.open(client, {
      topics: [topic],
      from: 'earliest',
      until: 'end',
      fetchBytes: 1,
    })
    await readUntil(source, (rows) => rows.length >= 2)
    await makeAnew(topic, 1)
    await write(client, topic, numbered(0, length))
    const read = async () => {
      for await (const _event of source);
    }
    await expect(read()).rejects.toMatchObject({
      code: 'topic-recreated',
      message: expect.stringContaining(topic),
    })
  })
})

async function nextOf<K extends SourceEvent['kind']>(source: KafkaSource, kind: K) {
  for (;;) {
    const { value, done } = await source.next()
    if (done) throw new Error(`the source ended before ${kind}`)
    if (value.kind === kind) return value as Extract<typeof value, { kind: K }>
  }
}
