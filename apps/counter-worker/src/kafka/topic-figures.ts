import type { KafkaSource } from '@card/kafka-io'
import type { WorkerCore } from '../core/worker-core.js'
import type { InputFigures } from '../http/input-figures.js'
import { lagOf, type PartitionTable } from './partition-table.js'

/** What the metrics say about topics that are read. */
export function topicFigures(table: PartitionTable, source: KafkaSource, core: WorkerCore): InputFigures {
  const now = Date.now()
  const { assigned, rebalances } = core
  // What the source has taken up is not known to the counting core before its event.
  const known = source.status().filter((status) => assigned.has(table.of(status).name))
  const partitions = known.map((status) => {
    const partition = table.of(status)
    const { records, milliseconds } = lagOf(status, partition, now)
    const labels = { topic: status.topic, partition: String(status.partition) }
    return { name: partition.name, labels, lag: { records, seconds: milliseconds / 1000 } }
  })
  const waiting = !source.reachable ? 'no broker answers' : rebalances === 0 ? 'waiting for partitions' : null
  return { partitions, group: { assigned: assigned.size, rebalances }, waiting }
}
