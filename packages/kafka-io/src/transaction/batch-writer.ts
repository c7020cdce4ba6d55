import { isConnectionError } from '../client/error-chain.js'
import { unknownTopic } from '../client/explain-answer.js'
import type { KafkaClient } from '../client/kafka-client.js'
import { KafkaIoError } from '../errors.js'
import { errorOf, isUnknownTopic, verdictOf } from './answers.js'
import type { Connections } from './connections.js'
import type { PartitionBatch } from './partition-batch.js'
import { newTopicPatience, Patience } from './patience.js'
import { type PartitionAnswer, produce, type TransactionVersion } from './requests.js'

/** Where a batch was written. */
export interface WrittenBatch {
  readonly topic: string
  readonly partition: number
  readonly records: number
  /** Offset of its first record; -1 where the broker no longer knows. */
  readonly baseOffset: number
}

/** How long a broker may take to have a batch on all in-sync replicas, ms. */
const produceTimeout = 8000
/** A broker's socket.request.max.bytes is 100 MiB; smaller requests let other owners' requests in between. */
const maxRequestBytes = 8 * 1024 * 1024

/** Writes batches of one transaction to the leaders of their partitions. */
export class BatchWriter {
  readonly #client: KafkaClient
  readonly #connections: Connections
  readonly #transactionalId: string

  constructor(client: KafkaClient, connections: Connections, transactionalId: string) {
    this.#client = client
    this.#connections = connections
    this.#transactionalId = transactionalId
  }

  /**
   * Writes one batch to each of some partitions, each until it is acknowledged: of an unknown outcome the same bytes are
   * sent again, and the broker drops them where they were written.
   *
   * @throws KafkaIoError fenced, not-authorized, record-too-large, unknown-topic, send-failed, broker-unreachable (after
   *   the client's `unreachableTimeout`), request-failed
   */
  async write(version: TransactionVersion, batches: readonly PartitionBatch[]): Promise<WrittenBatch[]> {
    const patience = new Patience(this.#client.unreachableTimeout)
    const began = performance.now()
    const written: WrittenBatch[] = []
    let left = batches
    for (;;) {
      const results = await this.#attempt(version, left)
      const again: PartitionBatch[] = []
      let failure: KafkaIoError | null = null
      let first = 5
      const isOld = performance.now() - began > newTopicPatience
      for (const [i, answer] of results.entries()) {
        const batch = left[i]!
        const { topic, partition, records } = batch
        if (answer instanceof KafkaIoError) {
          failure = answer
          if (answer.code === 'unknown-topic' && isOld) throw answer
          first = 50
          again.push(batch)
          continue
        }
        const verdict = verdictOf(answer.errorCode)
        if (verdict === 'done') {
          written.push({ topic, partition, records, baseOffset: answer.baseOffset })
          continue
        }
        failure = errorOf(
          answer.errorCode,
          this.#transactionalId,
          `write to ${topic}/${partition}`,
          answer.message,
        )
        if (verdict === 'fenced' || verdict === 'failed') throw failure
        if (isUnknownTopic(answer.errorCode) && isOld) throw unknownTopic(topic)
        if (verdict !== 'wait') first = 50
        again.push(batch)
      }
      if (failure === null) return written
      if (!(await patience.wait(first, first === 5 ? 20 : 1000))) throw failure
      // Whoever leads a partition now, it is asked for only where a leader did not take the batch.
      if (first > 5) await this.#refresh()
      left = again
    }
  }

  /** The answer to each batch; an error where its leader was not reached. @throws KafkaIoError where waiting is no use */
  async #attempt(
    version: TransactionVersion,
    batches: readonly PartitionBatch[],
  ): Promise<(PartitionAnswer | KafkaIoError)[]> {
    const byLeader = new Map<number, PartitionBatch[]>()
    const answers = new Map<string, PartitionAnswer | KafkaIoError>()
    for (const batch of batches) {
      const leader = await this.#leaderOf(batch)
      if (leader instanceof KafkaIoError) answers.set(nameOf(batch), leader)
      else if (byLeader.has(leader)) byLeader.get(leader)!.push(batch)
      else byLeader.set(leader, [batch])
    }
    await Promise.all(
      [...byLeader].map(async ([leader, all]) => {
        for (const part of inRequests(all)) {
          for (const [batch, answer] of await this.#send(leader, version, part))
            answers.set(nameOf(batch), answer)
        }
      }),
    )
    return batches.map((batch) => answers.get(nameOf(batch))!)
  }

  async #send(
    leader: number,
    version: TransactionVersion,
    batches: readonly PartitionBatch[],
  ): Promise<[PartitionBatch, PartitionAnswer | KafkaIoError][]> {
    try {
      const answers = await this.#connections.send(
        leader,
        produce(this.#transactionalId, version, produceTimeout, batches),
      )
      const byName = new Map(answers.map((answer) => [nameOf(answer), answer]))
      return batches.map((batch) => [batch, byName.get(nameOf(batch)) ?? missingAnswer(batch)])
    } catch (error) {
      const failure = this.#unreached(error)
      return batches.map((batch) => [batch, failure])
    }
  }

  async #leaderOf({ topic, partition }: PartitionBatch): Promise<number | KafkaIoError> {
    try {
      const leader = await this.#connections.leaderOf(topic, partition)
      if (leader !== null) return leader
      const partitions = await this.#connections.partitionsOf(topic)
      if (partitions === 0) return unknownTopic(topic)
      return partition < partitions
        ? new KafkaIoError('broker-unreachable', `${topic}/${partition} has no leader now`)
        : unknownPartition(topic, partition, partitions)
    } catch (error) {
      return this.#unreached(error)
    }
  }

  async #refresh(): Promise<void> {
    try {
      await this.#connections.refresh()
    } catch (error) {
      this.#unreached(error)
    }
  }

  /** @throws KafkaIoError where it is not for want of a connection */
  #unreached(error: unknown): KafkaIoError {
    if (isConnectionError(error)) return this.#client.unreachable(error)
    throw this.#client.explain(error)
  }
}

function nameOf({ topic, partition }: { topic: string; partition: number }): string {
  return `${topic}/${partition}`
}

function unknownPartition(topic: string, partition: number, partitions: number): KafkaIoError {
  return new KafkaIoError(
    'unknown-topic',
    `Expected partition ${partition} of ${topic}, found a partition count of ${partitions}: write to 0 to ${partitions - 1}, or add partitions`,
  )
}

function missingAnswer({ topic, partition }: PartitionBatch): KafkaIoError {
  return new KafkaIoError('request-failed', `The broker's response does not mention ${topic}/${partition}`)
}

function* inRequests(batches: readonly PartitionBatch[]): Generator<PartitionBatch[]> {
  let part: PartitionBatch[] = []
  let size = 0
  for (const batch of batches) {
    if (part.length > 0 && size + batch.bytes.length > maxRequestBytes) {
      yield part
      part = []
      size = 0
    }
    part.push(batch)
    size += batch.bytes.length
  }
  if (part.length > 0) yield part
}
