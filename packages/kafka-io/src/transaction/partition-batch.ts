import { headerLength } from '../batch/batch-header.js'
import { type BatchRecord, encodeBatch, encodedSize } from '../batch/encode-batch.js'
import { KafkaIoError } from '../errors.js'
import type { ProducerIdentity } from './producer-identity.js'

/** A record and where it goes. */
export interface TransactionRecord {
  readonly topic: string
  readonly partition: number
  /** Default null: no key. */
  readonly key?: Uint8Array | string | null
  /** Null: a tombstone, which deletes the key from a compacted topic. */
  readonly value: Uint8Array | string | null
  readonly headers?: Readonly<Record<string, Uint8Array | string>>
  /** ms since the Unix epoch; default: the wall clock at sending */
  readonly timestamp?: number
}

/** The bytes of a batch and where they go. They are made once: a repeated send must be identical. */
export interface PartitionBatch {
  readonly topic: string
  readonly partition: number
  readonly bytes: Buffer
  readonly records: number
}

/** Sequence numbers are signed 32-bit and start again from 0. */
const sequences = 2 ** 31

/**
 * The next sequence number of each partition. Of a repeated sequence number the broker drops the content and answers as
 * if it had written it, so no two batches may share one.
 */
export class Sequences {
  readonly #next = new Map<string, number>()

  /** The sequence number of the first of `count` records. */
  take(topic: string, partition: number, records: number): number {
    const key = `${topic}/${partition}`
    const first = this.#next.get(key) ?? 0
    this.#next.set(key, (first + records) % sequences)
    return first
  }

  /** A new epoch begins at 0 in every partition. */
  restart(): void {
    this.#next.clear()
  }
}

/**
 * Cuts records into rounds of at most one batch for each partition, in their order: a broker takes one transactional
 * batch for each partition in a request, and only one may be in flight.
 *
 * @param maxBatchBytes what a batch is filled up to
 * @throws KafkaIoError record-too-large: one record alone is beyond it
 */
export function cutIntoRounds(
  records: readonly TransactionRecord[],
  identity: ProducerIdentity,
  sequences: Sequences,
  maxBatchBytes: number,
  now: number,
): PartitionBatch[][] {
  const byPartition = new Map<string, TransactionRecord[]>()
  for (const record of records) {
    const key = `${record.topic}/${record.partition}`
    const found = byPartition.get(key)
    if (found === undefined) byPartition.set(key, [record])
    else found.push(record)
  }
  const cut = [...byPartition.values()].map((all) => cutIntoBatches(all, maxBatchBytes, now))
  const rounds: PartitionBatch[][] = []
  for (const batches of cut) {
    batches.forEach((batch, round) => {
      const { topic, partition } = batch.target
      const sequence = sequences.take(topic, partition, batch.records.length)
      const bytes = encodeBatch(batch.records, { ...identity, sequence, transactional: true })
      rounds[round] ??= []
      rounds[round].push({ topic, partition, bytes, records: batch.records.length })
    })
  }
  return rounds
}

interface Cut {
  readonly target: TransactionRecord
  readonly records: BatchRecord[]
}

function cutIntoBatches(records: readonly TransactionRecord[], maxBatchBytes: number, now: number): Cut[] {
  const batches: Cut[] = []
  let size = 0
  for (const record of records) {
    const stamped = { ...record, timestamp: record.timestamp ?? now }
    let batch = batches.at(-1)
    const base = batch?.records[0]?.timestamp ?? stamped.timestamp
    const next = encodedSize(stamped, stamped.timestamp - base, batch?.records.length ?? 0)
    if (headerLength + next > maxBatchBytes) throw tooLarge(record, next, maxBatchBytes)
    if (batch === undefined || size + next > maxBatchBytes) {
      batch = { target: record, records: [] }
      batches.push(batch)
      size = headerLength
    }
    batch.records.push(stamped)
    size += next
  }
  return batches
}

function tooLarge({ topic, partition }: TransactionRecord, size: number, limit: number): KafkaIoError {
  return new KafkaIoError(
    'record-too-large',
    `A record of ${size} bytes for ${topic}/${partition} does not fit into a batch of ${limit} bytes: ` +
      "split it, or raise maxBatchBytes and the topic's max.message.bytes",
  )
}
