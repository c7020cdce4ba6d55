import type { KafkaSource } from '@card/kafka-io'
import type { PartitionState } from '../core/inputs.js'
import type { OwnerPartitions } from './owner-partitions.js'

/** Where the partitions of a source stand, by the names of their owners. */
export function standings(
  source: Pick<KafkaSource, 'status'>,
  partitions: OwnerPartitions,
): PartitionState[] {
  return source.status().map((status) => ({ ...status, partition: partitions.nameOf(status) }))
}
