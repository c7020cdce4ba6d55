import type { KafkaSource } from '@card/kafka-io'
import type { OwnerTable } from '../core/durable/owner-table.js'
import type { InputFigures } from '../http/input-figures.js'
import { lagOf, type PartitionTable } from '../kafka/partition-table.js'
import type { OwnerPartitions } from './owner-partitions.js'

/** What the metrics say about the input partitions that this worker counts, and whether it is still taking some over. */
export function ownedFigures(
  owners: OwnerTable,
  source: KafkaSource,
  partitions: OwnerPartitions,
  table: PartitionTable,
): InputFigures {
  const now = Date.now()
  const read = source
    .status()
    .filter((status) => owners.counter(partitions.nameOf(status)) !== undefined)
    .map((status) => {
      const partition = table.of(status)
      const { records, milliseconds } = lagOf(status, partition, now)
      const labels = { topic: status.topic, partition: String(status.partition) }
      return { name: partition.name, labels, lag: { records, seconds: milliseconds / 1000 } }
    })
  return {
    partitions: read,
    group: { assigned: read.length, rebalances: 0 },
    waiting: whyWaiting(owners, source),
  }
}

function whyWaiting(owners: OwnerTable, source: KafkaSource): string | null {
  if (!source.reachable) return 'no broker answers'
  if (owners.size === 0) return 'waiting for partitions'
  const taken = [...owners].filter(({ life }) => life.takeover !== null)
  if (taken.length === 0) return null
  return `taking over ${taken.length} of ${owners.size} partitions: ${taken[0]!.name} is ${taken[0]!.life.takeover}`
}
