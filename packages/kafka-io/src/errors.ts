/** The closed list of reasons a call to @card/kafka-io fails. */
export type KafkaIoErrorCode =
  /** No broker answered for the whole of `unreachableTimeout`. */
  | 'broker-unreachable'
  /** The TLS handshake failed: a certificate is refused, expired, missing or for another name. */
  | 'tls-refused'
  /** The broker refused the user name, the password or the mechanism. */
  | 'login-refused'
  /** The login is valid but lacks the right for what was asked. */
  | 'not-authorized'
  /** A topic does not exist and must not be created. */
  | 'unknown-topic'
  /** A topic does not have the number of partitions that is needed. */
  | 'partition-count'
  /** A topic was deleted and recreated while it was read to its end. */
  | 'topic-recreated'
  /** The brokers have lost records that were read before. */
  | 'log-truncated'
  /** The group has assigned no partition to this member, and with `until: 'end'` none will follow. */
  | 'no-partitions'
  /** A topic is configured in a way that would lose records that are needed. */
  | 'topic-config'
  /** Settings or arguments are unknown, incomplete, of the wrong type or contradict each other; the message lists every problem. */
  | 'bad-settings'
  /** Bytes that are no record batch, or whose checksum does not match. */
  | 'corrupt-batch'
  /** Bytes that are no zstd frames, or whose checksum does not match. */
  | 'corrupt-zstd'
  /** A record batch would grow beyond the bound when decompressed. */
  | 'batch-too-large'
  /** Something is compressed with a codec that cannot be read or written here. */
  | 'codec-missing'
  /** A single record is larger than the topic accepts. */
  | 'record-too-large'
  /** The broker refused records, and retrying will not help. */
  | 'send-failed'
  /** The broker answered a request with an error that retrying does not resolve. */
  | 'request-failed'
  /** A transactional id was taken over, or the broker has ended its transaction: only fencing the id again helps. */
  | 'fenced'
  /** A transactional producer was used in a way that its transaction does not allow. */
  | 'transaction-state'
  /** The installed kafkajs is not the pinned version. */
  | 'wrong-kafkajs'
  /** The source, sink or client was closed. */
  | 'closed'

/** The one error class of @card/kafka-io: `code` is stable, the message says what was expected, what was found and what to do. */
export class KafkaIoError extends Error {
  override readonly name = 'KafkaIoError'
  readonly code: KafkaIoErrorCode

  constructor(code: KafkaIoErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

const ofConfiguration: ReadonlySet<KafkaIoErrorCode> = new Set([
  'bad-settings',
  'login-refused',
  'not-authorized',
  'partition-count',
  'tls-refused',
  'topic-config',
  'unknown-topic',
])

/**
 * Whether an error is caused by configuration, the caller's or the broker's, so that retrying is pointless until it is
 * changed. An app may use another exit code for it than for an outage.
 */
export function isConfigurationError(error: unknown): error is KafkaIoError {
  return error instanceof KafkaIoError && ofConfiguration.has(error.code)
}
