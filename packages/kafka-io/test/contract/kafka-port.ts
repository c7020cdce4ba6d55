import type { TopicPartition } from '../../src/topic-partition.js'
import type { ProducerIdentity } from '../../src/transaction/producer-identity.js'
import type { TransactionVersion } from '../../src/transaction/requests.js'

/** What a call was answered; 0 for no error, else Kafka's code (kafka.apache.org/protocol#protocol_error_codes). */
export interface Answer {
  readonly errorCode: number
}

/** One record, in a batch of its own. */
export interface Write extends TopicPartition {
  /** Its place in the producer's sequence for the partition. */
  readonly sequence: number
  readonly value: string
}

interface Offsets {
  readonly first: number
  /** Behind the last record of a transaction that is over. */
  readonly lastStable: number
  /** Behind the last record (the high watermark). */
  readonly end: number
}

/** A place in a group, in one of its generations. */
export interface GroupPlace {
  readonly group: string
  readonly memberId: string
  readonly generation: number
}

/**
 * As much of Kafka as durable state stands on: every call is one request, sent once, and errors are values. The
 * contract holds whatever implements it to what a real broker does.
 */
export interface KafkaPort {
  /** A new topic, led by a broker that answers. */
  createTopic(options?: { partitions?: number; compacted?: boolean }): Promise<string>

  /**
   * Gives a transactional id a new epoch.
   *
   * @param timeout of its transactions, ms
   * @param held only where the id still has this identity
   */
  fence(id: string, timeout: number, held?: ProducerIdentity): Promise<ProducerIdentity & Answer>

  /** Names a partition to the transaction of an id; with version 2 the write itself does. */
  addPartition(id: string, producer: ProducerIdentity, partition: TopicPartition): Promise<Answer>

  /** Writes a record in the transaction of an id. @returns the offset that it has */
  write(id: string, producer: ProducerIdentity, write: Write): Promise<Answer & { offset: number }>

  /** @returns the identity of the next transaction */
  end(id: string, producer: ProducerIdentity, how: 'commit' | 'abort'): Promise<ProducerIdentity & Answer>

  /** What a read_committed reader sees of a partition, from its beginning to the last stable offset. */
  readCommitted(partition: TopicPartition): Promise<string[]>

  /** What is committed up to the end, however many transactions are open behind or before it. */
  readSettled(partition: TopicPartition): Promise<string[]>

  offsets(partition: TopicPartition): Promise<Offsets>

  /** Deletes the records before an offset. @returns the first offset that there is then */
  deleteRecords(partition: TopicPartition, offset: number): Promise<Answer & { first: number }>

  /**
   * Asks to join a group, as a new member or again. Resolves when all members have asked, or the time for that is over.
   *
   * @param sessionTimeout ms
   */
  join(
    group: string,
    sessionTimeout: number,
    memberId?: string,
  ): Promise<GroupPlace & Answer & { leader: boolean }>

  /** Takes up what the leader assigns; the leader hands everything to itself here. */
  sync(place: GroupPlace, leader: boolean): Promise<Answer>

  heartbeat(place: GroupPlace): Promise<Answer>

  /** The next call of a kind is carried out, and its connection breaks before the answer arrives: it rejects. */
  loseNextAnswer(call: 'fence' | 'write' | 'end'): void

  readonly transactionVersion: TransactionVersion
}

/** Kafka's error codes that the contract is about. */
export const kafkaErrors = {
  none: 0,
  offsetOutOfRange: 1,
  illegalGeneration: 22,
  unknownMemberId: 25,
  rebalanceInProgress: 27,
  policyViolation: 44,
  outOfOrderSequence: 45,
  invalidProducerEpoch: 47,
  invalidTransactionState: 48,
  invalidProducerIdMapping: 49,
  concurrentTransactions: 51,
  producerFenced: 90,
} as const

/** How what implements the port is set up: short times, so that they pass within a test. */
export const brokerSettings = {
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': '100',
  'transactional.id.expiration.ms': '1500',
  'transaction.remove.expired.transaction.cleanup.interval.ms': '200',
  'group.min.session.timeout.ms': '500',
} as const
