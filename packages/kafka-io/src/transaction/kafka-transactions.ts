import { checkArgument, checkOptions, type OptionRules } from '../arguments/check-options.js'
import {
  abortSignal,
  callback,
  isObject,
  listOf,
  milliseconds,
  partitionNumber,
  type Rule,
  text,
  wholeNumber,
} from '../arguments/rules.js'
import { headerLength } from '../batch/batch-header.js'
import { checkClient, type KafkaClient } from '../client/kafka-client.js'
import { KafkaIoError } from '../errors.js'
import type { RecordsToDelete } from '../protocol/delete-records.js'
import type { PartitionOffsets } from '../topics/topics.js'
import { Connections } from './connections.js'
import { type DeletionOutcome, deleteRecords } from './delete-records.js'
import { partitionOffsets } from './partition-offsets.js'
import { readSettled, type SettledOptions } from './read-settled.js'
import { transactionVersion } from './requests.js'
import type { SettledRecord } from './settled-records.js'
import { type FenceOptions, TransactionalProducer } from './transactional-producer.js'

const fenceRules: OptionRules = {
  optional: {
    transactionTimeout: milliseconds,
    maxBatchBytes: wholeNumber(headerLength + 1, 2 ** 31 - 1),
    signal: abortSignal,
  },
}
const settledRules: OptionRules = {
  required: { topic: text, partition: partitionNumber },
  optional: { wants: callback, onProgress: callback, signal: abortSignal },
}
const firstToKeep = wholeNumber(0)
const recordsToDelete: Rule = {
  expected: 'a partition (a whole number from 0) and an offset (the same)',
  accepts: (value) =>
    isObject(value) && partitionNumber.accepts(value.partition) && firstToKeep.accepts(value.offset),
}

/**
 * Transactional producers over one connection to each broker, however many there are.
 *
 * ```ts
 * const transactions = await KafkaTransactions.open(client)
 * const producer = await transactions.fence('orders-3')
 * await producer.send([{ topic: 'totals', partition: 0, key: 'a', value: '7' }])
 * await producer.commit()
 * await transactions.close()
 * ```
 */
export class KafkaTransactions {
  readonly #client: KafkaClient
  readonly #connections: Connections
  #closed = false

  /**
   * Connects.
   *
   * @throws KafkaIoError bad-settings, broker-unreachable (after the client's `unreachableTimeout`), login-refused,
   *   tls-refused
   */
  static async open(client: KafkaClient): Promise<KafkaTransactions> {
    checkClient('KafkaTransactions.open', client)
    const connections = new Connections(client)
    try {
      await client.untilReached(() => connections.connect())
    } catch (error) {
      await connections.close()
      throw error
    }
    return new KafkaTransactions(client, connections)
  }

  private constructor(client: KafkaClient, connections: Connections) {
    this.#client = client
    this.#connections = connections
  }

  /**
   * Takes over a transactional id: a producer that has it elsewhere can write no more, and a transaction that it left open
   * is aborted before this resolves. Everything committed under the id is then visible and final.
   *
   * The cluster's version of transactions (KIP-890) is looked up now and kept by this producer.
   *
   * @param id unique to what the producer writes for, such as one input partition
   * @throws KafkaIoError not-authorized, bad-settings (also where the timeout is above the broker's limit), broker-unreachable (after
   *   the client's `unreachableTimeout`; also where the cluster cannot run transactions), closed (`signal`)
   */
  async fence(id: string, options: FenceOptions = {}): Promise<TransactionalProducer> {
    checkArgument('fence', 'id', id, text)
    checkOptions('fence', options, fenceRules)
    this.#expectOpen()
    return untilAborted(options.signal, async () => {
      const version = await this.#client.untilReached(() => this.#connections.sendToAny(transactionVersion()))
      const producer = new TransactionalProducer(id, this.#client, this.#connections, version, options)
      await producer.fence(options.signal)
      return producer
    })
  }

  /** How many partitions a topic has; 0 where it does not exist. @throws KafkaIoError bad-settings, broker-unreachable */
  async partitionsOf(topic: string): Promise<number> {
    checkArgument('partitionsOf', 'topic', topic, text)
    this.#expectOpen()
    return this.#client.untilReached(() => this.#connections.partitionsOf(topic))
  }

  /**
   * The id of a topic, 32 hexadecimal digits, which no topic of the same name had before or will have; null where there is no
   * such topic (or the broker is older than Kafka 2.8).
   *
   * @throws KafkaIoError bad-settings, broker-unreachable
   */
  async topicId(topic: string): Promise<string | null> {
    checkArgument('topicId', 'topic', topic, text)
    this.#expectOpen()
    return this.#client.untilReached(() => this.#connections.topicId(topic))
  }

  /**
   * The range of offsets of partitions, as their leaders report it: `low` is the first offset, `high` the one after the
   * last record (the high watermark, not the last stable offset).
   *
   * @throws KafkaIoError bad-settings, unknown-topic, not-authorized, broker-unreachable (after the client's
   *   `unreachableTimeout`), request-failed
   */
  async offsets(topic: string, partitions: readonly number[]): Promise<PartitionOffsets[]> {
    checkArgument('offsets', 'topic', topic, text)
    checkArgument('offsets', 'partitions', partitions, listOf(partitionNumber))
    this.#expectOpen()
    return partitionOffsets(this.#client, this.#connections, topic, partitions)
  }

  /**
   * Deletes the records before an offset of each partition, if the leaders can do so now. The result of each is returned,
   * and nothing is retried. Make sure that the offset is not beyond the last stable one: records of open transactions
   * would be deleted too.
   *
   * @throws KafkaIoError bad-settings, request-failed, closed; never for what a broker answers
   */
  async deleteRecords(topic: string, partitions: readonly RecordsToDelete[]): Promise<DeletionOutcome[]> {
    checkArgument('deleteRecords', 'topic', topic, text)
    checkArgument('deleteRecords', 'partitions', partitions, listOf(recordsToDelete))
    this.#expectOpen()
    return deleteRecords(this.#client, this.#connections, topic, partitions)
  }

  /**
   * Reads a partition from its beginning to its current end and passes on the committed records of some keys in the order
   * of the log: the last one of each key is its value.
   *
   * After `fence`, everything committed under the id is there. Open transactions of other ids, which would block a
   * read_committed reader, are skipped. Memory is bounded by the wanted records and open transactions, not by the log.
   *
   * @throws KafkaIoError bad-settings, unknown-topic, not-authorized, broker-unreachable (after the client's
   *   `unreachableTimeout` without an answer), corrupt-batch, batch-too-large, codec-missing, request-failed, closed (`signal`)
   */
  async readSettled(options: SettledOptions, take: (record: SettledRecord) => void): Promise<void> {
    checkOptions('readSettled', options, settledRules)
    checkArgument('readSettled', 'take', take, callback)
    this.#expectOpen()
    await readSettled(this.#client, this.#connections, options, take)
  }

  /** Closes the connections. Open transactions are aborted by the next fencing or by their timeout. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#connections.close()
  }

  #expectOpen(): void {
    if (this.#closed) throw new KafkaIoError('closed', 'These transactions were closed: open new ones')
  }
}

/** @throws KafkaIoError closed, as soon as the signal is aborted; the work notices at its next attempt */
async function untilAborted<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  if (signal === undefined) return work()
  const calledOff = () => new KafkaIoError('closed', 'The fencing was aborted')
  if (signal.aborted) throw calledOff()
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(calledOff())
    signal.addEventListener('abort', onAbort, { once: true })
    work()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort))
  })
}
