import type { InternalCluster } from '../client/internals.js'
import type { FromRule, TopicPartition } from './types.js'

/** A partition's name in maps. */
export function keyOfPartition({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`
}

/**
 * The offsets that a rule names, by `keyOfPartition`. A time that no record has reached yet is the end.
 * With a cluster that reads committed records, `latest` is the end of those.
 */
export async function listOffsets(
  cluster: InternalCluster,
  partitions: readonly TopicPartition[],
  rule: FromRule,
): Promise<Map<string, number>> {
  const offsets = new Map<string, number>()
  if (partitions.length === 0) return offsets
  const topics = [...new Set(partitions.map(({ topic }) => topic))]
  const answers = await cluster.fetchTopicsOffset(
    topics.map((topic) => ({
      topic,
      partitions: partitions.filter((each) => each.topic === topic).map(({ partition }) => ({ partition })),
      ...(typeof rule === 'number' ? { fromTimestamp: rule } : { fromBeginning: rule === 'earliest' }),
    })),
  )
  for (const { topic, partitions: found } of answers) {
    for (const { partition, offset } of found)
      offsets.set(keyOfPartition({ topic, partition }), Number(offset))
  }
  const beyond = partitions.filter((each) => offsets.get(keyOfPartition(each)) === -1)
  for (const [key, offset] of await listOffsets(cluster, beyond, 'latest')) offsets.set(key, offset)
  const missing = partitions.find((each) => !offsets.has(keyOfPartition(each)))
  // Its leader was unknown when the request was made: the caller refreshes and asks again.
  if (missing) throw new Error(`no offset for ${keyOfPartition(missing)}`)
  return offsets
}
