import type { KafkaClient } from '../client/kafka-client.js'
import type { PartitionOffsets } from '../topics/topics.js'
import { askLeader } from './ask-leader.js'
import type { Connections } from './connections.js'
import { listOffset } from './requests.js'

/** From where to where partitions hold records; `high` is the high watermark. @throws as `askLeader` */
export async function partitionOffsets(
  client: KafkaClient,
  connections: Connections,
  topic: string,
  partitions: readonly number[],
): Promise<PartitionOffsets[]> {
  return Promise.all(
    partitions.map(async (partition) => {
      const offsetOf = (which: 'first' | 'end') =>
        askLeader({ client, connections, topic, partition }, (leader) =>
          connections.send(leader, listOffset(topic, partition, which)),
        )
      const [low, high] = await Promise.all([offsetOf('first'), offsetOf('end')])
      return { partition, low: low.offset, high: high.offset }
    }),
  )
}
