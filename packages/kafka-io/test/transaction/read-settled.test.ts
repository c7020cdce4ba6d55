import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { KafkaTransactions, type SettledOptions } from '../../src/index.js'
import { describeKafka, newTopic, sharedClient, untilEnds, write } from '../support/kafka.js'

describeKafka('reading back what was committed', () => {
  const client = sharedClient()
  let transactions: KafkaTransactions
  beforeAll(async () => {
    transactions = await KafkaTransactions.open(client)
  })
  afterAll(() => transactions?.close())

  const text = (bytes: Uint8Array | null) => (bytes === null ? null : new TextDecoder().decode(bytes))
  const record = (topic: string, key: string, value: string | null) => ({ topic, partition: 0, key, value })
  const fence = () => transactions.fence(`id-${randomUUID()}`)

  async function settled(topic: string, options: Partial<SettledOptions> = {}) {
    const found: [string | null, string | null][] = []
    await transactions.readSettled({ topic, partition: 0, ...options }, ({ key, value }) => {
      found.push([text(key), text(value)])
    })
    return found
  }

  test('committed records come in the order of their commits, aborted and open ones not at all', async () => {
    const topic = await newTopic(client)
    const [one, two, three] = await Promise.all([fence(), fence(), fence()])
    await one.send([record(topic, 'a', '1'), record(topic, 'b', '1')])
    await two.send([record(topic, 'c', 'aborted')])
    await three.send([record(topic, 'd', 'open')])
    await two.abort()
    await one.send([record(topic, 'a', '2')])
    await one.commit()
    await two.send([record(topic, 'c', null)])
    await two.commit()
    // Markers are written after the answer; reading to the end needs them.
    await expect
      .poll(() => settled(topic))
      .toEqual([
        ['a', '1'],
        ['b', '1'],
        ['a', '2'],
        ['c', null],
      ])
    await three.abort()
  })

  test("another owner's open transaction holds nothing up, though a read_committed reader waits for it", async () => {
    const topic = await newTopic(client)
    const [stalled, owner] = await Promise.all([fence(), fence()])
    await stalled.send([record(topic, 'x', 'open')])
    await owner.send([record(topic, 'a', '1')])
    await owner.commit()
    await untilEnds(client, topic, [0])
    const wants = (key: Uint8Array) => text(key) === 'a'
    await expect.poll(() => settled(topic, { wants })).toEqual([['a', '1']])
    await stalled.abort()
  })

  test('after a fencing everything of the last owner is settled: its open transaction is not there', async () => {
    const topic = await newTopic(client)
    const id = `id-${randomUUID()}`
    for (let round = 0; round < 10; round++) {
      const old = await transactions.fence(id)
      await old.send([record(topic, 'a', `committed ${round}`)])
      await old.commit()
      await old.send([record(topic, 'a', `open ${round}`)])
      await transactions.fence(id)
      expect((await settled(topic)).at(-1)).toEqual(['a', `committed ${round}`])
    }
  }, 30_000)

  test('records outside of transactions are settled as they stand, also compressed and in many batches', async () => {
    const topic = await newTopic(client)
    const told: number[][] = []
    const values = Array.from({ length: 300 }, (_, i) => `${i} ${'x'.repeat(50_000)}`)
    for (let i = 0; i < values.length; i += 10) {
      await write(
        client,
        topic,
        values.slice(i, i + 10).map((value) => ({ key: 'k', value, partition: 0 })),
      )
    }
    const onProgress = (offset: number, end: number) => told.push([offset, end])
    expect((await settled(topic, { onProgress })).map(([, value]) => value)).toEqual(values)
    // Several answers of 4 MiB each, the last of them at the end.
    expect(told.length).toBeGreaterThan(3)
    expect(told.at(-1)).toEqual([300, 300])
  }, 60_000)

  test('an empty partition holds nothing, and a topic that does not exist is named', async () => {
    expect(await settled(await newTopic(client))).toEqual([])
    const missing = `missing-${randomUUID()}`
    await expect(settled(missing)).rejects.toMatchObject({
      code: 'unknown-topic',
      message: expect.stringContaining(missing),
    })
  })

  test('reading is called off by its signal', async () => {
    const topic = await newTopic(client)
    await expect(settled(topic, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'closed' })
  })
})
