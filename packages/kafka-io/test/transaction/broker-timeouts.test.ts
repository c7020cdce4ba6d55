import { randomUUID } from 'node:crypto'
import { type LocalKafka, startKafka } from '@card/local-kafka'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { KafkaTransactions } from '../../src/index.js'
import { clientOf, describeLocalKafka, newTopic, readAll, untilEnds, values } from '../support/kafka.js'

describeLocalKafka('a broker that ends transactions and forgets ids', () => {
  let kafka: LocalKafka
  let transactions: KafkaTransactions
  beforeAll(async () => {
    kafka = await startKafka({
      properties: {
        'transaction.abort.timed.out.transaction.cleanup.interval.ms': '100',
        'transactional.id.expiration.ms': '1000',
        'transaction.remove.expired.transaction.cleanup.interval.ms': '200',
      },
    })
    transactions = await KafkaTransactions.open(clientOf(kafka.brokers))
  })
  afterAll(async () => {
    await transactions?.close()
    await kafka?.stop()
  })

  test("a transaction left open beyond its timeout is aborted, and its producer's commit is refused", async () => {
    const client = clientOf(kafka.brokers)
    const topic = await newTopic(client)
    const id = `id-${randomUUID()}`
    const producer = await transactions.fence(id, { transactionTimeout: 1000 })
    await producer.send([{ topic, partition: 0, value: 'not this' }])
    await untilEnds(client, topic, [2])
    await expect(producer.commit()).rejects.toMatchObject({ code: 'fenced' })
    const heir = await transactions.fence(id)
    await heir.send([{ topic, partition: 0, value: 'this' }])
    await heir.commit()
    await untilEnds(client, topic, [4])
    expect(values(await readAll(client, topic))).toEqual(['this'])
  })

  test('an id that the broker has forgotten is refused, and a new fencing goes on', async () => {
    const client = clientOf(kafka.brokers)
    const topic = await newTopic(client)
    const id = `id-${randomUUID()}`
    const producer = await transactions.fence(id)
    await producer.send([{ topic, partition: 0, value: 'a' }])
    await producer.commit()
    await expect
      .poll(
        async () => {
          try {
            await producer.send([{ topic, partition: 0, value: 'perhaps' }])
            await producer.abort()
            // A transaction keeps the id alive: it has to be idle to be forgotten.
            await new Promise((resolve) => setTimeout(resolve, 2500))
            return 'written'
          } catch (error) {
            return (error as { code: string }).code
          }
        },
        { timeout: 30_000 },
      )
      .toBe('fenced')
    const heir = await transactions.fence(id)
    await heir.send([{ topic, partition: 0, value: 'b' }])
    await heir.commit()
    await expect.poll(async () => values(await readAll(client, topic))).toEqual(['a', 'b'])
  }, 60_000)

  test('a timeout above the limit of the broker is refused with its name', async () => {
    await expect(
      transactions.fence(`id-${randomUUID()}`, { transactionTimeout: 24 * 3_600_000 }),
    ).rejects.toMatchObject({
      code: 'bad-settings',
      message: expect.stringContaining('transaction.max.timeout.ms'),
    })
  })

  test('a broker killed in mid-transaction and started again: the transaction goes on', async () => {
    const client = clientOf(kafka.brokers)
    const topic = await newTopic(client)
    // A broker may take long to start on a busy machine.
    const producer = await transactions.fence(`id-${randomUUID()}`, { transactionTimeout: 120_000 })
    await producer.send([{ topic, partition: 0, value: 'a' }])
    await kafka.kill(1)
    const sending = producer.send([{ topic, partition: 0, value: 'b' }])
    await kafka.restart(1)
    await sending
    await producer.commit()
    await expect.poll(async () => values(await readAll(client, topic))).toEqual(['a', 'b'])
  }, 90_000)

  test('fencing is called off by its signal while no broker answers', async () => {
    await kafka.kill(1)
    const stop = new AbortController()
    const fencing = transactions.fence(`id-${randomUUID()}`, { signal: stop.signal })
    stop.abort()
    await expect(fencing).rejects.toMatchObject({ code: 'closed' })
  })
})
