import { readdirSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { type LocalKafka, startKafka } from '@card/local-kafka'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { KafkaSource, type SourceEvent, type SourceOptions } from '../../src/index.js'
import {
  clientOf,
  describeLocalKafka,
  newTopic,
  numbered,
  readUntil,
  untilLed,
  values,
  write,
} from '../support/kafka.js'

describeLocalKafka('a log whose end the brokers have lost', () => {
  let kafka: LocalKafka
  beforeAll(async () => {
    kafka = await startKafka({ shortSessions: true })
  })
  afterAll(() => kafka?.stop())

  /** Ten batches of two records, two of the batches read at least; then the log is cut behind the first batch. */
  async function readHalfOf(options: Partial<SourceOptions>) {
    const client = clientOf(kafka.brokers)
    const topic = await newTopic(client)
    for (let i = 0; i < 20; i += 2) await write(client, topic, numbered(i, i + 2))
    // One batch is fetched at a time.
    const source = await KafkaSource.open(client, {
      topics: [topic],
      from: 'earliest',
      fetchBytes: 1,
      ...options,
    })
    await readUntil(source, (rows) => rows.length >= 4)
    await kafka.kill(1)
    cutBehindFirstBatch(kafka.folder, topic)
    await kafka.restart(1)
    await untilLed(client, topic, 1)
    return { client, topic, source }
  }

  test('is an error that says so, while it is read to its end', async () => {
    const { topic, source } = await readHalfOf({ until: 'end' })
    const read = async () => {
      for await (const _event of source);
    }
    await expect(read()).rejects.toMatchObject({
      code: 'log-truncated',
      message: expect.stringMatching(
        new RegExp(`Partition 0 of ${topic} ends at offset 2 but was read up to`),
      ),
    })
  })

  test('is read on from its new end, behind a gap that tells it', async () => {
    const { client, topic, source } = await readHalfOf({})
    const gaps: SourceEvent[] = []
    const rows = readUntil(source, (seen, events) => {
      gaps.push(...events.filter(({ kind }) => kind === 'gap'))
      return values(seen).includes('v51')
    })
    // Written behind the end that is left, once that has been noticed.
    await expect.poll(() => gaps.length).toBeGreaterThan(0)
    await write(client, topic, numbered(50, 52))
    expect(values(await rows).slice(-2)).toEqual(['v50', 'v51'])
    expect(gaps[0]).toMatchObject({ reason: 'truncated', partition: 0, to: 2 })
    await source.close()
  })
})

/** Shortens the log of a topic's only partition to its first record batch, as if the rest had never reached the disk. */
function cutBehindFirstBatch(folder: string, topic: string): void {
  const log = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((path) =>
    path.endsWith(join(`${topic}-0`, '00000000000000000000.log')),
  )
  const path = join(folder, log!)
  // Base offset and length come first; the length counts what comes after it.
  truncateSync(path, 12 + readFileSync(path).readInt32BE(8))
}
