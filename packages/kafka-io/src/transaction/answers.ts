import { KafkaIoError } from '../errors.js'

/** Kafka's error codes that a transactional producer meets (kafka.apache.org/protocol#protocol_error_codes). */
const code = {
  none: 0,
  unknownTopicOrPartition: 3,
  leaderNotAvailable: 5,
  notLeaderOrFollower: 6,
  requestTimedOut: 7,
  messageTooLarge: 10,
  coordinatorLoadInProgress: 14,
  coordinatorNotAvailable: 15,
  notCoordinator: 16,
  notEnoughReplicas: 19,
  notEnoughReplicasAfterAppend: 20,
  topicAuthorizationFailed: 29,
  invalidTimestamp: 32,
  clusterAuthorizationFailed: 31,
  unsupportedVersion: 35,
  outOfOrderSequenceNumber: 45,
  duplicateSequenceNumber: 46,
  invalidProducerEpoch: 47,
  invalidTxnState: 48,
  invalidProducerIdMapping: 49,
  invalidTransactionTimeout: 50,
  concurrentTransactions: 51,
  transactionalIdAuthorizationFailed: 53,
  kafkaStorageError: 56,
  producerFenced: 90,
  transactionAbortable: 120,
} as const

/**
 * What to do at an answer.
 *
 * - `done`: it holds.
 * - `wait`: the same request again after a moment; the previous transaction is being completed.
 * - `leader`: ask who leads the partition, and send it the same bytes.
 * - `coordinator`: ask who coordinates the id, and send it the same request.
 * - `replicas`: the same bytes after a longer pause; nothing was written, or its outcome is unknown.
 * - `fenced`: the identity is no longer valid. Only a new fencing, and reading back what was committed, go on from here.
 * - `failed`: permanently.
 */
export type Verdict = 'done' | 'wait' | 'leader' | 'coordinator' | 'replicas' | 'fenced' | 'failed'

const verdicts = new Map<number, Verdict>([
  [code.none, 'done'],
  // Of a repeated batch the broker says so where it no longer remembers the offset.
  [code.duplicateSequenceNumber, 'done'],
  [code.concurrentTransactions, 'wait'],
  [code.unknownTopicOrPartition, 'leader'],
  [code.leaderNotAvailable, 'leader'],
  [code.notLeaderOrFollower, 'leader'],
  [code.kafkaStorageError, 'leader'],
  [code.coordinatorLoadInProgress, 'coordinator'],
  [code.coordinatorNotAvailable, 'coordinator'],
  [code.notCoordinator, 'coordinator'],
  [code.requestTimedOut, 'replicas'],
  [code.notEnoughReplicas, 'replicas'],
  [code.notEnoughReplicasAfterAppend, 'replicas'],
  [code.outOfOrderSequenceNumber, 'fenced'],
  [code.invalidProducerEpoch, 'fenced'],
  [code.invalidTxnState, 'fenced'],
  [code.invalidProducerIdMapping, 'fenced'],
  [code.producerFenced, 'fenced'],
  [code.transactionAbortable, 'fenced'],
])

export function verdictOf(errorCode: number): Verdict {
  return verdicts.get(errorCode) ?? 'failed'
}

/** Whether a topic or partition was not known to the broker that was asked. */
export function isUnknownTopic(errorCode: number): boolean {
  return errorCode === code.unknownTopicOrPartition
}

/**
 * The error for an answer that stands.
 *
 * @param doing what was tried, for the message: `write to likes/3`
 * @param detail the broker's own words, null where it sent none
 */
export function errorOf(
  errorCode: number,
  transactionalId: string,
  doing: string,
  detail: string | null,
): KafkaIoError {
  const said = detail === null ? '' : ` (${detail})`
  const by = `the transactional id ${transactionalId}`
  switch (errorCode) {
    case code.topicAuthorizationFailed:
      return new KafkaIoError(
        'not-authorized',
        `The login may not ${doing}: grant it WRITE on the topic${said}`,
      )
    case code.transactionalIdAuthorizationFailed:
    case code.clusterAuthorizationFailed:
      return new KafkaIoError(
        'not-authorized',
        `The login may not use ${by}: grant it WRITE and DESCRIBE on that TransactionalId, or on its prefix${said}`,
      )
    case code.messageTooLarge:
      return new KafkaIoError(
        'record-too-large',
        `Could not ${doing}: the batch is larger than the topic accepts. Raise the topic's max.message.bytes, or lower maxBatchBytes${said}`,
      )
    case code.invalidTimestamp:
      return new KafkaIoError(
        'send-failed',
        `Could not ${doing}: the broker refuses the records' timestamps. The clock of this machine is ahead of the broker's by more than the topic's message.timestamp.after.max.ms allows${said}`,
      )
    case code.invalidTransactionTimeout:
      return new KafkaIoError(
        'bad-settings',
        `Could not ${doing}: the transaction timeout is above the broker's transaction.max.timeout.ms; lower it${said}`,
      )
    case code.unsupportedVersion:
      return new KafkaIoError(
        'request-failed',
        `Could not ${doing}: expected a broker that speaks the transactions of Kafka 2.8 or newer${said}`,
      )
  }
  if (verdictOf(errorCode) === 'fenced') {
    return new KafkaIoError(
      'fenced',
      `Could not ${doing}: ${by} is fenced, or its transaction was ended by the broker (error ${errorCode}). ` +
        `Fence it again if its work is still yours, and read back what was committed${said}`,
    )
  }
  return new KafkaIoError(
    'request-failed',
    `Could not ${doing}: the broker answered with error ${errorCode}${said}`,
  )
}
