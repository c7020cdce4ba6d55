import type { TopicPartition } from '@card/kafka-io'
import { expect, test } from 'vitest'
import { PartitionTable } from '../../src/kafka/partition-table.js'
import { SkewLimit } from '../../src/kafka/skew-limit.js'

/** Three partitions of one topic, so many base windows ahead of the combined watermark. */
function limitOf(ahead: number[]) {
  const calls: string[] = []
  const note = (what: string) => (partitions: readonly TopicPartition[]) => {
    calls.push(`${what} ${partitions.map(({ partition }) => partition)}`)
  }
  const table = new PartitionTable()
  for (const partition of [0, 1, 2]) table.of({ topic: 't', partition }).assigned = true
  const core = {
    tooFarAhead: (limit: number) => [0, 1, 2].filter((p) => ahead[p]! > limit).map((p) => `t/${p}`),
  }
  const limit = new SkewLimit({ pause: note('pause'), resume: note('resume') }, core, table)
  return { calls, table, limit }
}

test('partitions a day of minutes ahead are paused until they are half a day ahead', () => {
  const ahead = [0, 1_440, 1_441]
  const { calls, limit } = limitOf(ahead)
  limit.apply()
  limit.apply()
  expect(calls).toEqual(['pause 2'])
  ahead[1] = 2_000
  ahead[2] = 721
  limit.apply()
  expect(calls).toEqual(['pause 2', 'pause 1'])
  ahead[2] = 720
  limit.apply()
  ahead[1] = 0
  limit.apply()
  limit.apply()
  expect(calls).toEqual(['pause 2', 'pause 1', 'resume 2', 'resume 1'])
})

test('a partition that was taken away and came back is paused anew', () => {
  const { calls, limit, table } = limitOf([0, 5_000, 0])
  limit.apply()
  table.of({ topic: 't', partition: 1 }).assigned = false
  limit.forget('t/1')
  limit.apply()
  expect(calls).toEqual(['pause 1'])
  table.of({ topic: 't', partition: 1 }).assigned = true
  limit.forget('t/1')
  limit.apply()
  expect(calls).toEqual(['pause 1', 'pause 1'])
})
