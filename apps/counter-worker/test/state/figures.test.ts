import { randomUUID } from 'node:crypto'
import { KafkaTransactions } from '@card/kafka-io'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { prepareStateTopics } from '../../src/state/state-topics.js'
import { TestBroker } from '../kafka/support.js'
import { counting, type Row, TestCounter } from './owners.js'

const minute = 60_000

// Minutes of work, and figures that nothing is asserted of.
describe.skipIf(process.env.CARD_TEST_FIGURES === undefined)(
  'figures of saved state (CARD_TEST_FIGURES)',
  () => {
    const broker = new TestBroker()
    let transactions: KafkaTransactions
    beforeAll(async () => {
      await broker.start({})
      transactions = await KafkaTransactions.open(broker.client)
    })
    afterAll(() => transactions?.close())

    async function measure(what: string, input: readonly Row[]) {
      const name = `figures-${randomUUID()}`
      const partitions = { checkpointPartitions: 1, partialsPartitions: 16 }
      const topics = await prepareStateTopics(broker.client, { name, replicas: -1, ...partitions }, () => {})
      const shared = {
        broker,
        transactions,
        topics,
        name,
        counting: counting({ outOfOrder: 24 * 60 * minute }),
      }
      const counter = await TestCounter.open(shared, input)
      counter.count(input.length)
      let began = performance.now()
      let cpu = process.cpuUsage()
      let longest = 0
      const { step, done } = counter.serialize((ms) => {
        longest = Math.max(longest, ms)
      })
      const serialized = performance.now() - began
      const bytes = step.records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0)
      await counter.send(step)
      done()
      const saved = performance.now() - began
      const savedCpu = process.cpuUsage(cpu)
      globalThis.gc?.()
      const before = process.memoryUsage.rss()
      let peak = before
      const watch = setInterval(() => {
        peak = Math.max(peak, process.memoryUsage.rss())
      }, 5)
      began = performance.now()
      cpu = process.cpuUsage()
      const heir = await TestCounter.open(shared, input)
      const restored = performance.now() - began
      const restoredCpu = process.cpuUsage(cpu)
      peak = Math.max(peak, process.memoryUsage.rss())
      clearInterval(watch)
      expect(heir.at).toBe(input.length)
      const ms = (cpuTime: NodeJS.CpuUsage) => Math.round((cpuTime.user + cpuTime.system) / 1000)
      process.stdout.write(
        `${what}: ${(bytes / 1e6).toFixed(1)} MB in ${counter.blocks} blocks; saved in ${Math.round(saved)} ms ` +
          `(${Math.round(serialized)} of them serializing, at most ${Math.round(longest)} at once; ${ms(savedCpu)} ms CPU); restored in ${Math.round(restored)} ms ` +
          `(${ms(restoredCpu)} ms CPU), peak memory +${Math.round((peak - before) / 1e6)} MB\n`,
      )
    }

    const windows = 8
    /** Users over a few windows. */
    const exact = (users: number) =>
      Array.from({ length: users }, (_, user): Row => [(user % windows) * minute, user, 0])

    test.each([
      ['1 MB', 1e6],
      ['10 MB', 1e7],
      ['100 MB', 1e8],
    ])('of %s', (what, bytes) => measure(what, exact(Math.floor(bytes / 16))), 300_000)

    test(
      'of 100,000 groups',
      () =>
        measure(
          '100,000 groups',
          Array.from({ length: 300_000 }, (_, i): Row => [0, i, (i % 100_000) + 1]),
        ),
      300_000,
    )

    test(
      'of one exact window of 1,000,000 users',
      () =>
        measure(
          '1,000,000 users',
          Array.from({ length: 1_000_000 }, (_, user): Row => [0, user, 0]),
        ),
      300_000,
    )
  },
)
