import { murmur2 } from '@card/counting'
import type { SinkRecord, TransactionRecord } from '@card/kafka-io'

/** Records of a step for output topics, each in the partition that Kafka's own clients choose by its key. */
export class StepOutputs {
  readonly #partitions: ReadonlyMap<string, number>
  #records: TransactionRecord[] = []

  /** @param partitions of each output topic */
  constructor(partitions: ReadonlyMap<string, number>) {
    this.#partitions = partitions
  }

  /** @throws Error for a topic that was not prepared */
  add(topic: string, { key = null, value, headers }: SinkRecord): void {
    const partitions = this.#partitions.get(topic)
    if (partitions === undefined) throw new Error(`Expected ${topic} to be an output topic that was prepared`)
    const partition = key === null ? 0 : murmur2(Buffer.from(key as Uint8Array)) % partitions
    this.#records.push({ topic, partition, key, value, ...(headers && { headers }) })
  }

  /** The records since the last call. */
  take(): TransactionRecord[] {
    const records = this.#records
    this.#records = []
    return records
  }
}
