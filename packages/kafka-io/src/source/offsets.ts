import type { InternalCluster } from '../client/internals.js'
import { keyOfPartition, type TopicPartition } from '../topic-partition.js'
import type { TopicMetadata } from './metadata.js'
import type { FromRule } from './types.js'

/** Which end `latest` means: that of the committed records, or that of the log (the high watermark). */
export const isolation = { uncommitted: 0, committed: 1 } as const
export type Isolation = (typeof isolation)[keyof typeof isolation]

/** What ListOffsets takes for the ends of a partition. */
const timestamps = { earliest: -2, latest: -1 } as const

/** The offsets that a rule names, by `keyOfPartition`. A time that no record has reached yet is the end. */
export async function listOffsets(
  cluster: InternalCluster,
  metadata: TopicMetadata,
  partitions: readonly TopicPartition[],
  rule: FromRule,
  isolationLevel: Isolation,
): Promise<Map<string, number>> {
  const timestamp = typeof rule === 'number' ? rule : timestamps[rule]
  const offsets = new Map<string, number>()
  const asked = [...byLeader(metadata, partitions)].map(async ([nodeId, led]) => {
    const broker = await cluster.findBroker({ nodeId })
    const topics = [...new Set(led.map(({ topic }) => topic))].map((topic) => ({
      topic,
      partitions: led
        .filter((each) => each.topic === topic)
        .map(({ partition }) => ({ partition, timestamp })),
    }))
    const { responses } = await broker.listOffsets({ isolationLevel, topics })
    for (const { topic, partitions: found } of responses) {
      for (const { partition, offset } of found)
        offsets.set(keyOfPartition({ topic, partition }), Number(offset))
    }
  })
  await Promise.all(asked)
  const beyond = partitions.filter((each) => offsets.get(keyOfPartition(each)) === -1)
  if (beyond.length === 0) return offsets
  return new Map([...offsets, ...(await listOffsets(cluster, metadata, beyond, 'latest', isolationLevel))])
}

/** @throws Error where a partition has no leader now: the caller refreshes the metadata and asks again */
function byLeader(
  metadata: TopicMetadata,
  partitions: readonly TopicPartition[],
): Map<number, TopicPartition[]> {
  const led = new Map<number, TopicPartition[]>()
  for (const each of partitions) {
    const node = metadata.leaderOf(each)
    if (node === null) throw new Error(`${keyOfPartition(each)} has no leader`)
    const others = led.get(node)
    if (others === undefined) led.set(node, [each])
    else others.push(each)
  }
  return led
}
