import { checkRecords, placedRecord } from '../arguments/check-records.js'
import { unknownTopic } from '../client/explain-answer.js'
import type { KafkaClient } from '../client/kafka-client.js'
import { KafkaIoError } from '../errors.js'
import { errorOf, verdictOf } from './answers.js'
import { BatchWriter, type WrittenBatch } from './batch-writer.js'
import type { Connections } from './connections.js'
import { Coordinator } from './coordinator.js'
import { cutIntoRounds, type PartitionBatch, Sequences, type TransactionRecord } from './partition-batch.js'
import { newTopicPatience, Patience } from './patience.js'
import type { ProducerIdentity } from './producer-identity.js'
import { addPartitions, endTransaction, initProducerId, type TransactionVersion } from './requests.js'

/** Options of a transactional producer. */
export interface FenceOptions {
  /**
   * How long a transaction may stay open before the broker aborts it, ms; default 30,000. Until then an
   * abandoned transaction blocks every read_committed reader of the partitions it wrote to.
   */
  readonly transactionTimeout?: number
  /** The most bytes of a batch; default 1,000,000, just below the broker's default of max.message.bytes. */
  readonly maxBatchBytes?: number
  /** Aborts the fencing. */
  readonly signal?: AbortSignal
}

type State = 'ready' | 'open' | 'failed' | 'fenced'

/**
 * Writes records in transactions under one transactional id, one transaction at a time. Made by
 * `KafkaTransactions.fence`; of several producers with the same id only the latest can write.
 */
export class TransactionalProducer {
  /** The transactional id. */
  readonly id: string
  readonly #coordinator: Coordinator
  readonly #writer: BatchWriter
  readonly #version: TransactionVersion
  readonly #options: Required<Omit<FenceOptions, 'signal'>>
  readonly #sequences = new Sequences()
  /** Partitions that the open transaction of version 1 has named to its coordinator. */
  readonly #added = new Set<string>()
  #identity: ProducerIdentity = { producerId: -1n, epoch: -1 }
  #state: State = 'ready'
  #busy = false

  /** @internal Use `KafkaTransactions.fence`. */
  constructor(
    id: string,
    client: KafkaClient,
    connections: Connections,
    version: TransactionVersion,
    { transactionTimeout = 30_000, maxBatchBytes = 1_000_000 }: FenceOptions,
  ) {
    this.id = id
    this.#coordinator = new Coordinator(client, connections, id)
    this.#writer = new BatchWriter(client, connections, id)
    this.#version = version
    this.#options = { transactionTimeout, maxBatchBytes }
  }

  /** The producer id that the broker has assigned. */
  get producerId(): bigint {
    return this.#identity.producerId
  }

  /** The current epoch: each fencing raises it, and with transactions of version 2 each transaction. */
  get epoch(): number {
    return this.#identity.epoch
  }

  /** Whether a transaction is open, also one that can only be aborted. */
  get isOpen(): boolean {
    return this.#state === 'open' || this.#state === 'failed'
  }

  /** Whether the producer was fenced: it will never write again. */
  get isFenced(): boolean {
    return this.#state === 'fenced'
  }

  /** @internal Takes a new epoch. @throws what `KafkaTransactions.fence` throws */
  async fence(signal?: AbortSignal): Promise<void> {
    this.#identity = await this.#coordinator.ask(
      `take over the transactional id ${this.id}`,
      () => initProducerId(this.id, this.#options.transactionTimeout),
      signal,
    )
    this.#begin()
  }

  /**
   * Writes records, each to the partition it names, in their order within a partition. The first call after a commit or
   * an abort opens a transaction; what was written is there for read_committed readers only after `commit`.
   *
   * @returns where each batch was written
   * @throws KafkaIoError bad-settings (nothing was sent, and the transaction is as it was); fenced; record-too-large, unknown-topic, not-authorized, send-failed, broker-unreachable,
   *   request-failed (the transaction can only be aborted then); transaction-state (another call is under way, or the
   *   transaction has failed)
   */
  async send(records: readonly TransactionRecord[]): Promise<WrittenBatch[]> {
    checkRecords(records, placedRecord)
    return this.#exclusively(async () => {
      if (this.#state === 'failed') throw misuse('send in a transaction that has failed: abort it first')
      if (records.length === 0) return []
      this.#state = 'open'
      const rounds = cutIntoRounds(
        records,
        this.#identity,
        this.#sequences,
        this.#options.maxBatchBytes,
        Date.now(),
      )
      const written: WrittenBatch[] = []
      for (const batches of rounds) {
        if (this.#version === 1) await this.#addPartitions(batches)
        written.push(...(await this.#writer.write(this.#version, batches)))
      }
      return written
    })
  }

  /**
   * Commits the open transaction; without one nothing is sent. When it has resolved, everything sent since the last one
   * is there for every reader, or will be in a moment: the broker answers before it has marked the partitions.
   *
   * @throws KafkaIoError fenced, broker-unreachable (whether it was committed is not known: fence, and read back);
   *   transaction-state (another call is under way, or the transaction has failed)
   */
  async commit(): Promise<void> {
    await this.#exclusively(async () => {
      if (this.#state === 'failed') throw misuse('commit a transaction that has failed: abort it')
      if (this.#state === 'open') await this.#end(true)
    })
  }

  /**
   * Aborts the open transaction; without one nothing is sent.
   *
   * @throws KafkaIoError fenced, broker-unreachable; transaction-state (another call is under way)
   */
  async abort(): Promise<void> {
    await this.#exclusively(async () => {
      if (this.isOpen) await this.#end(false)
    })
  }

  async #end(commit: boolean): Promise<void> {
    const before = this.#identity
    const doing = `${commit ? 'commit' : 'abort'} the transaction of ${this.id}`
    // In version 1 nothing is known of the sequence numbers after a failure, nor whether the coordinator has opened a
    // transaction, without which it refuses to abort one. A new epoch ends what is open; asked for with the old one, it
    // is given only to whoever still holds that (KIP-360).
    const request =
      this.#version === 1 && this.#state === 'failed'
        ? () => initProducerId(this.id, this.#options.transactionTimeout, before)
        : () => endTransaction(this.id, this.#version, before, commit)
    this.#identity = await this.#coordinator.ask(doing, request)
    this.#begin()
  }

  #begin(): void {
    if (this.#version === 2 || this.#state !== 'open') this.#sequences.restart()
    this.#added.clear()
    this.#state = 'ready'
  }

  async #addPartitions(batches: readonly PartitionBatch[]): Promise<void> {
    const topics = new Map<string, number[]>()
    for (const { topic, partition } of batches) {
      if (this.#added.has(`${topic}/${partition}`)) continue
      topics.set(topic, [...(topics.get(topic) ?? []), partition])
    }
    if (topics.size === 0) return
    const doing = `add ${[...topics.keys()].join(', ')} to the transaction of ${this.id}`
    const patience = new Patience(newTopicPatience)
    for (;;) {
      const answer = await this.#coordinator.ask(doing, () =>
        addPartitionsAsOne(this.id, this.#identity, topics),
      )
      if (answer.unknownTopic === null) break
      if (!(await patience.wait(50, 1000))) throw unknownTopic(answer.unknownTopic)
    }
    for (const { topic, partition } of batches) this.#added.add(`${topic}/${partition}`)
  }

  /** Runs one call at a time, and notes how it failed. */
  async #exclusively<T>(work: () => Promise<T>): Promise<T> {
    if (this.#busy) throw misuse('use a producer while another of its calls is under way: await each')
    if (this.#state === 'fenced') throw errorOf(90, this.id, 'go on', null)
    this.#busy = true
    try {
      return await work()
    } catch (error) {
      if (error instanceof KafkaIoError && error.code === 'fenced') this.#state = 'fenced'
      else if (this.#state === 'open') this.#state = 'failed'
      throw error
    } finally {
      this.#busy = false
    }
  }
}

// The answer names each partition; the coordinator's part of it is the same for all of them.
function addPartitionsAsOne(
  id: string,
  identity: ProducerIdentity,
  topics: ReadonlyMap<string, readonly number[]>,
) {
  const request = addPartitions(id, identity, topics)
  return {
    ...request,
    response: {
      async decode(payload: Buffer) {
        const answers = await request.response.decode(payload)
        // OPERATION_NOT_ATTEMPTED (55) says only that another partition failed.
        const failed = answers.find(({ errorCode }) => errorCode !== 0 && errorCode !== 55)
        const unknownTopic =
          failed !== undefined && verdictOf(failed.errorCode) === 'leader' ? failed.topic : null
        return { errorCode: unknownTopic === null ? (failed?.errorCode ?? 0) : 0, unknownTopic }
      },
      parse: async (decoded: { errorCode: number; unknownTopic: string | null }) => decoded,
    },
  }
}

function misuse(what: string): KafkaIoError {
  return new KafkaIoError('transaction-state', `Cannot ${what}`)
}
