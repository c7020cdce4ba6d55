import { KafkaIoError, type KafkaIoErrorCode } from '../errors.js'
import type { KafkaJsError } from './error-chain.js'

/** Where an answer came from, and what it said. */
export interface AnswerContext {
  /** As configured. */
  readonly brokers: readonly string[]
  /** In one line. */
  readonly message: string
  readonly cause: unknown
}

/** The clear error for what a broker answered: what it is about and what to do. */
export function explainAnswer(
  { name, type = '', topic }: KafkaJsError,
  { brokers, message, cause }: AnswerContext,
): KafkaIoError {
  const error = (code: KafkaIoErrorCode, text: string) => new KafkaIoError(code, text, { cause })
  const address = brokers.join(', ')
  const creating = name === 'KafkaJSCreateTopicError'
  if (creating && type === 'TOPIC_AUTHORIZATION_FAILED') return mayNotCreate(topic, cause)
  switch (type) {
    case 'UNKNOWN_TOPIC_OR_PARTITION':
    case 'INVALID_TOPIC_EXCEPTION':
      if (topic !== undefined) return unknownTopic(topic, cause)
      return error('unknown-topic', 'A topic does not exist: create it, or check the spelling')
    case 'ILLEGAL_SASL_STATE':
    case 'UNSUPPORTED_SASL_MECHANISM':
      return error(
        'login-refused',
        `The broker (${address}) does not take this login, or ended it while it was in use (${message}): check the ` +
          'mechanism, that this port expects a login, and that its connections.max.reauth.ms is not below 2 seconds',
      )
    case 'INVALID_REPLICATION_FACTOR':
      return error(
        'topic-config',
        `The topic ${topic ?? ''} cannot be created, there are too few brokers for its replicas (${message}): start ` +
          "more brokers, lower the brokers' default.replication.factor, or create the topic yourself",
      )
    case 'INVALID_CONFIG':
    case 'INVALID_PARTITIONS':
    case 'POLICY_VIOLATION':
      return error(
        'topic-config',
        `The topic ${topic ?? ''} cannot be created as asked for (${type}: ${message}): create it yourself, or ask who ` +
          'runs the brokers what they allow',
      )
    case 'TOPIC_AUTHORIZATION_FAILED':
      return mayNotUse(topic, cause)
    case 'GROUP_AUTHORIZATION_FAILED':
      return error(
        'not-authorized',
        `The login may not use the consumer group (${message}): grant it READ on the group, or use another login`,
      )
    case 'CLUSTER_AUTHORIZATION_FAILED':
      return error(
        'not-authorized',
        `The login may not do this to the cluster (${message}): grant it the right, or use another login`,
      )
    case 'NOT_CONTROLLER':
    case 'UNSUPPORTED_VERSION':
      return servesNoClients(address, message, cause)
  }
  if (type.endsWith('AUTHORIZATION_FAILED')) {
    return error(
      'not-authorized',
      `The login may not do this (${message}): grant it the right, or use another`,
    )
  }
  if (name === 'KafkaJSSASLAuthenticationError' || type === 'SASL_AUTHENTICATION_FAILED') {
    return error(
      'login-refused',
      `The broker (${address}) refused the login: check the user name, the password and the mechanism (${message})`,
    )
  }
  return error('request-failed', `The broker answered ${type}: ${message}`)
}

export function servesNoClients(address: string, found: string, cause?: unknown): KafkaIoError {
  return new KafkaIoError(
    'request-failed',
    `The node at ${address} does not answer as a broker does (${found}): is this the port of a ` +
      'controller, or a broker older than 2.3? Name the port of a broker',
    { cause },
  )
}

export function unknownTopic(topic: string, cause?: unknown): KafkaIoError {
  return new KafkaIoError(
    'unknown-topic',
    `Expected the topic ${topic}, found no topic of that name: create it, or check the spelling`,
    { cause },
  )
}

export function mayNotUse(topic: string | undefined, cause?: unknown): KafkaIoError {
  return new KafkaIoError(
    'not-authorized',
    `The login may not use ${topic === undefined ? 'the topic' : `the topic ${topic}`}: grant it READ to read, WRITE to ` +
      'write (either includes DESCRIBE) on the topic, or use another login',
    { cause },
  )
}

function mayNotCreate(topic: string | undefined, cause?: unknown): KafkaIoError {
  return new KafkaIoError(
    'not-authorized',
    `The topic ${topic ?? ''} does not exist, and the login may not create it: grant it CREATE on the topic or the ` +
      'cluster, or create the topic yourself',
    { cause },
  )
}
