import type { PartitionStatus, TopicPartition } from '@card/kafka-io'

/** One partition of a topic, as this run knows it. */
export interface InputPartition extends TopicPartition {
  /** Its number in the counting core: partitions of all topics are counted through. */
  readonly id: number
  /** `topic/partition`, what refused lines name as their source. */
  readonly source: string
  /** Timestamp of that record, ms. */
  timestamp: number
  /** Read by this worker now. */
  assigned: boolean
}

/** The partitions that this run has been given so far. */
export class PartitionTable {
  readonly #bySource = new Map<string, InputPartition>()

  get all(): Iterable<InputPartition> {
    return this.#bySource.values()
  }

  /** The partition, new with the next number when it is not known yet. */
  of({ topic, partition }: TopicPartition): InputPartition {
    const source = `${topic}/${partition}`
    let entry = this.#bySource.get(source)
    if (entry === undefined) {
      const id = this.#bySource.size
      entry = { topic, partition, id, source, timestamp: -1, assigned: false }
      this.#bySource.set(source, entry)
    }
    return entry
  }

  get assignedCount(): number {
    let count = 0
    for (const { assigned } of this.#bySource.values()) if (assigned) count++
    return count
  }
}

/** Records that wait for this worker, and how old the last one it took is while there are any; ms. */
export function lagOf(
  status: PartitionStatus,
  { timestamp }: InputPartition,
  now: number,
): { records: number; milliseconds: number } {
  const behind = !status.caughtUp && status.lag > 0 && timestamp >= 0
  return { records: status.lag, milliseconds: behind ? Math.max(0, now - timestamp) : 0 }
}
