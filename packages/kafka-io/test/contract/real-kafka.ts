import { setTimeout as pause } from 'node:timers/promises'
import { AbortedFilter } from '../../src/batch/aborted-filter.js'
import { readBatchHeader } from '../../src/batch/batch-header.js'
import { recordValue } from '../../src/batch/columns.js'
import { encodeBatch } from '../../src/batch/encode-batch.js'
import { RecordReader } from '../../src/batch/record-reader.js'
import { findGroupCoordinator, heartbeat } from '../../src/group/group-requests.js'
import { type KafkaClient, KafkaTransactions } from '../../src/index.js'
import { deleteRecordsRequest } from '../../src/protocol/delete-records.js'
import { fetchBatches } from '../../src/protocol/fetch.js'
import type { WireRequest } from '../../src/protocol/request.js'
import type { TopicPartition } from '../../src/topic-partition.js'
import type { ProducerIdentity } from '../../src/transaction/producer-identity.js'
import {
  addPartitions,
  endTransaction,
  findCoordinator,
  initProducerId,
  listOffset,
  produce,
  type TransactionVersion,
} from '../../src/transaction/requests.js'
import { newTopic } from '../support/kafka.js'
import { joinGroup, syncGroup } from './group-wire.js'
import type { Answer, GroupPlace, KafkaPort, Write } from './kafka-port.js'
import { LossyProxy } from './lossy-proxy.js'
import { WireClient } from './wire-client.js'

const apiKeys = { write: 0, fence: 22, end: 26 } as const
const memberIdRequired = 79
const coordinatorLoads: ReadonlySet<number> = new Set([14, 15, 16])

/** A broker of one node, over connections that can lose answers. */
export class RealKafka implements KafkaPort {
  readonly transactionVersion: TransactionVersion
  readonly #kafka: KafkaClient
  readonly #transactions: KafkaTransactions
  readonly #proxy: LossyProxy
  readonly #client: WireClient

  /** @param brokers one address */
  static async open(kafka: KafkaClient, version: TransactionVersion): Promise<RealKafka> {
    const proxy = await LossyProxy.before(kafka.settings.brokers[0]!)
    const real = new RealKafka(kafka, version, proxy, await KafkaTransactions.open(kafka))
    // A new broker makes its internal topics when it is first asked for a coordinator.
    await real.#whenReady(() => real.#send(findCoordinator('any')))
    await real.#whenReady(() => real.#send(findGroupCoordinator('any')))
    return real
  }

  private constructor(
    kafka: KafkaClient,
    version: TransactionVersion,
    proxy: LossyProxy,
    transactions: KafkaTransactions,
  ) {
    this.#kafka = kafka
    this.transactionVersion = version
    this.#proxy = proxy
    this.#transactions = transactions
    this.#client = new WireClient(proxy.port)
  }

  async close(): Promise<void> {
    await this.#client.close()
    await this.#proxy.close()
    await this.#transactions.close()
  }

  createTopic({ partitions = 1, compacted = false } = {}): Promise<string> {
    const config = compacted ? { 'cleanup.policy': 'compact' } : {}
    return newTopic(this.#kafka, { partitions, config })
  }

  fence(id: string, timeout: number, held?: ProducerIdentity) {
    return this.#whenReady(() => this.#send(initProducerId(id, timeout, held)))
  }

  async addPartition(id: string, producer: ProducerIdentity, { topic, partition }: TopicPartition) {
    const [answer] = await this.#send(addPartitions(id, producer, new Map([[topic, [partition]]])))
    return answer!
  }

  async write(id: string, producer: ProducerIdentity, { topic, partition, sequence, value }: Write) {
    const records = [{ key: 'k', value, timestamp: Date.now() }]
    const bytes = encodeBatch(records, { ...producer, sequence, transactional: true })
    const batches = [{ topic, partition, bytes, records: 1 }]
    const [answer] = await this.#send(produce(id, this.transactionVersion, 5000, batches))
    return { errorCode: answer!.errorCode, offset: answer!.baseOffset }
  }

  end(id: string, producer: ProducerIdentity, how: 'commit' | 'abort') {
    return this.#send(endTransaction(id, this.transactionVersion, producer, how === 'commit'))
  }

  async readCommitted(at: TopicPartition): Promise<string[]> {
    const { first } = await this.offsets(at)
    const { view, bytes, partitions } = await this.#fetch(at, first, 1)
    const { start, end, aborted } = partitions[0]!
    const filter = new AbortedFilter(aborted)
    const reader = new RecordReader(1_000_000)
    for (let from = start, header = readBatchHeader(view, from, end); header !== null; ) {
      if (!filter.skips(header, bytes)) reader.append(header, bytes, first)
      from = header.end
      header = readBatchHeader(view, from, end)
    }
    const { columns } = reader.event({ ...at, nextOffset: 0, highWatermark: 0 })
    return Array.from({ length: columns.rows }, (_, row) => text(recordValue(columns, row)))
  }

  async readSettled(at: TopicPartition): Promise<string[]> {
    const found: string[] = []
    await this.#transactions.readSettled(at, ({ value }) => found.push(text(value)))
    return found
  }

  async offsets(at: TopicPartition) {
    const { offset: first } = await this.#send(listOffset(at.topic, at.partition, 'first'))
    const { partitions } = await this.#fetch(at, first, 0)
    const { lastStableOffset: lastStable, highWatermark: end } = partitions[0]!
    return { first, lastStable, end }
  }

  async deleteRecords({ topic, partition }: TopicPartition, offset: number) {
    const [answer] = await this.#send(deleteRecordsRequest(topic, [{ partition, offset }], 5000))
    return answer!
  }

  join(group: string, sessionTimeout: number, memberId = '') {
    return this.#onOwnConnection(async (client) => {
      const join = (id: string) => client.send(joinGroup(group, sessionTimeout, id))
      const answer = await this.#whenReady(() => join(memberId))
      return answer.errorCode === memberIdRequired ? join(answer.memberId) : answer
    })
  }

  sync(place: GroupPlace, leader: boolean) {
    return this.#onOwnConnection((client) => client.send(syncGroup(place, leader)))
  }

  heartbeat(place: GroupPlace) {
    return this.#send(heartbeat({ ...place, instanceId: null }))
  }

  loseNextAnswer(call: keyof typeof apiKeys): void {
    this.#proxy.loseNextAnswer(apiKeys[call])
  }

  /** Again while the coordinator is being made, or loads. @throws Error after 20 s */
  async #whenReady<T extends Answer>(request: () => Promise<T>): Promise<T> {
    for (const began = performance.now(); ; ) {
      const answer = await request()
      if (!coordinatorLoads.has(answer.errorCode)) return answer
      if (performance.now() - began > 20_000) throw new Error(`the coordinator answers ${answer.errorCode}`)
      await pause(50)
    }
  }

  // For what waits on other members: a broker answers one request of a connection after the other.
  async #onOwnConnection<T>(work: (client: WireClient) => Promise<T>): Promise<T> {
    const client = new WireClient(this.#proxy.port)
    try {
      return await work(client)
    } finally {
      await client.close()
    }
  }

  #send<T>(request: WireRequest<T>): Promise<T> {
    return this.#client.send(request)
  }

  async #fetch({ topic, partition }: TopicPartition, fetchOffset: number, isolationLevel: 0 | 1) {
    const topicId = await this.#transactions.topicId(topic)
    // As much of a broker of kafkajs as fetching uses.
    const broker = {
      versions: { 1: { maxVersion: 13 } },
      connectionPool: { send: (request: WireRequest<unknown>) => this.#send(request) },
    }
    const partitions = [{ partition, fetchOffset, maxBytes: 1_000_000 }]
    const limits = { maxWaitTime: 0, minBytes: 0, maxBytes: 1_000_000, isolationLevel }
    return fetchBatches(broker as never, { ...limits, topics: [{ topic, topicId, partitions }] })
  }
}

function text(bytes: Uint8Array | null): string {
  return new TextDecoder().decode(bytes ?? new Uint8Array())
}
