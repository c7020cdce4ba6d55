import { randomUUID } from 'node:crypto'
import { KafkaSink, KafkaTransactions } from '@card/kafka-io'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failureOf, sendInTransaction } from '../../src/state/send-step.js'
import { prepareStateTopics } from '../../src/state/state-topics.js'
import { describeKafka, TestBroker } from '../kafka/support.js'
import { counting, type Row, type Shared, TestCounter, TestMerger } from './owners.js'

const minute = 60_000

describeKafka('state in Kafka', () => {
  const broker = new TestBroker()
  let transactions: KafkaTransactions
  beforeAll(async () => {
    await broker.start({})
    transactions = await KafkaTransactions.open(broker.client)
  })
  afterAll(() => transactions?.close())

  async function share(more: Partial<Shared['counting']> = {}): Promise<Shared> {
    const name = `state-${randomUUID()}`
    const warnings: string[] = []
    const topics = await prepareStateTopics(
      broker.client,
      { name, replicas: -1, checkpointPartitions: 3, partialsPartitions: 2 },
      (warning) => warnings.push(warning),
    )
    expect(warnings).toEqual([])
    return { broker, transactions, topics, name, counting: counting(more) }
  }

  const rows = (frames: number): Row[] =>
    Array.from({ length: frames }, (_, i) => [Math.floor(i / 10) * 1000, (i * 7) % 101, (i % 5) + 1])

  test('counted in steps, killed, fenced and restored comes to the same as in one pass', async () => {
    const shared = await share()
    const input = rows(4000)
    const results = new Map<string, { events: number; count: number; revision: number }>()
    let counter = await TestCounter.open(shared, input)
    for (let i = 0; i < 8; i++) {
      counter.count(500)
      await counter.step()
      // Counted, and partly written, by a worker that dies: nothing of it is there for the next one.
      counter.count(77)
      const { step } = counter.serialize()
      if (i % 2 === 0) await counter.producer.send(step.records)
      const dead = counter
      counter = await TestCounter.open(shared, input)
      expect(counter.at).toBe((i + 1) * 500)
      // It comes to life again, and may not finish what it had begun.
      const error = await dead.producer
        .send([step.manifest])
        .then(() => dead.producer.commit())
        .catch((error) => error)
      expect(failureOf(error)).toBe('lost')
    }
    counter.counter.end()
    await counter.step()
    for (let partition = 0; partition < 2; partition++) {
      let merger = await TestMerger.open(shared, partition, ['likes/0'])
      for (let round = 0; round < 2; round++) {
        await merger.read()
        if (round === 1) merger.merger.flush()
        for (const { window, start, group, events, count, revision } of await merger.step()) {
          const key = JSON.stringify([window, start, group])
          expect(revision).toBe((results.get(key)?.revision ?? -1) + 1)
          results.set(key, { events, count, revision })
        }
        merger = await TestMerger.open(shared, partition, ['likes/0'])
      }
    }
    const truth = new Map<string, { events: number; users: Set<number> }>()
    for (const [time, user, group] of input) {
      for (const [window, length] of [
        ['1m', minute],
        ['1h', 60 * minute],
      ] as const) {
        const start = Date.parse('2016-07-11T12:00:00Z') + Math.floor(time / length) * length
        const key = JSON.stringify([window, start, `group ${group}`])
        const found = truth.get(key) ?? { events: 0, users: new Set() }
        found.events++
        found.users.add(user)
        truth.set(key, found)
      }
    }
    const plain = [...results].map(([key, { events, count }]) => [key, events, count])
    expect(plain.sort()).toEqual(
      [...truth].map(([key, { events, users }]) => [key, events, users.size]).sort(),
    )
  }, 120_000)

  test('of a large exact window grows by its new users alone, and is restored from its parts', async () => {
    const shared = await share()
    const users = 200_000
    const input = Array.from({ length: users }, (_, user): Row => [0, user, 0])
    const counter = await TestCounter.open(shared, input)
    counter.count(150_000)
    await counter.step()
    counter.count(100)
    const { step, done } = counter.serialize()
    const bytes = step.records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0)
    expect(bytes).toBeLessThan(10_000)
    await sendInTransaction(counter.producer, step)
    done()
    const heir = await TestCounter.open(shared, input)
    expect(heir.at).toBe(150_100)
    heir.count(users)
    heir.counter.end()
    await heir.step()
    const merger = await TestMerger.open(shared, 0, ['likes/0'])
    await merger.read()
    merger.merger.flush()
    const results = await merger.step()
    expect(results.map(({ window, count, events }) => [window, count, events])).toEqual([
      ['1m', users, users],
      ['1h', users, users],
    ])
  }, 120_000)

  test('without transactions is what the run has written that came furthest, and the others are deleted', async () => {
    const shared = await share()
    const sink = await KafkaSink.open(broker.client)
    const input = rows(1000)
    const write = async (run: string, frames: number) => {
      const counter = await TestCounter.open({ ...shared, sink }, input, { run })
      const from = counter.at
      counter.count(frames)
      await counter.step()
      counter.count(50)
      // Dies when all but the manifest is written.
      const { records } = counter.serialize().step
      for (const { topic, ...record } of records) await sink.send(topic, [record])
      return from
    }
    expect(await write('run-a', 300)).toBe(0)
    expect(await write('run-b', 300)).toBe(300)
    expect(await write('run-c', 100)).toBe(600)
    expect(await write('run-d', 0)).toBe(700)
    const keys = new Map(
      (await broker.read(shared.topics.checkpoint.topic)).map(({ key, value }) => [key, value]),
    )
    const live = [...keys].filter(([, value]) => value !== null).map(([key]) => key!)
    expect(live.every((key) => key.startsWith('count/likes/0\0run-d\0'))).toBe(true)
    await sink.close()
  }, 120_000)
})

describe('a failure of a step', () => {
  test('that no code of Kafka names is none that trying again would heal', () => {
    expect(failureOf(new TypeError('a mistake'))).toBe('fatal')
  })
})
