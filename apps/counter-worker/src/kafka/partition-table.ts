import type { PartitionStatus, TopicPartition } from '@card/kafka-io'

/** One partition of a topic, as this run knows it. */
export interface InputPartition extends TopicPartition {
  /** `topic/partition`, what the counting core knows it by, and refused lines name as their source. */
  readonly name: string
  /** Of the last record taken, ms; -1: none yet. */
  timestamp: number
}

/** The partitions that this run has been given so far. */
export class PartitionTable {
  readonly #byName = new Map<string, InputPartition>()

  /** The partition, new when it is not known yet. */
  of({ topic, partition }: TopicPartition): InputPartition {
    const name = `${topic}/${partition}`
    let entry = this.#byName.get(name)
    if (entry === undefined) {
      entry = { topic, partition, name, timestamp: -1 }
      this.#byName.set(name, entry)
    }
    return entry
  }

  /** A partition that is known. */
  named(name: string): InputPartition {
    return this.#byName.get(name)!
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
