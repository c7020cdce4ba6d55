import { KafkaIoError } from '../errors.js'

/** What kafkajs puts into its errors. */
interface KafkaJsError extends Error {
  type?: string
  code?: string | number
  retriable?: boolean
  broker?: string
  topic?: string
  cause?: unknown
}

const connectionErrors = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSLockTimeout',
  'KafkaJSBrokerNotFound',
  'KafkaJSNoBrokerAvailableError',
  'KafkaJSGroupCoordinatorNotFound',
])

const tlsProblem = /certificate|altname|SSL|TLS|self.signed|EPROTO|handshake/i

/** The errors that wrap each other, outermost first. */
function chain(error: unknown): KafkaJsError[] {
  const all: KafkaJsError[] = []
  for (let each = error; each instanceof Error && all.length < 10; each = each.cause)
    all.push(each as KafkaJsError)
  return all
}

/** Kafka's own name of the error a broker answered with, null where it was no answer. */
export function answerType(error: unknown): string | null {
  return chain(error).find(({ type }) => type !== undefined)?.type ?? null
}

/** Whether the brokers were not reached, or went away: trying again may help. */
export function isConnectionError(error: unknown): boolean {
  return chain(error).some(
    ({ name, code }) =>
      connectionErrors.has(name) ||
      (typeof code === 'string' && /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET)/.test(code)),
  )
}

/**
 * The one clear error for what kafkajs threw: what was found and what to do.
 *
 * @param brokers as configured, for the message
 */
export function explain(error: unknown, brokers: readonly string[]): KafkaIoError {
  if (error instanceof KafkaIoError) return error
  const found = chain(error)
  const own = found.find((each) => each instanceof KafkaIoError)
  if (own instanceof KafkaIoError) return own
  const address = brokers.join(', ')
  const message = oneLine(found.at(-1)?.message ?? String(error))
  const options = { cause: error }

  if (
    found.some(
      ({ name, type }) => name === 'KafkaJSSASLAuthenticationError' || type === 'SASL_AUTHENTICATION_FAILED',
    )
  ) {
    return new KafkaIoError(
      'login-refused',
      `The broker (${address}) refused the login: check the user name, the password and the mechanism (${message})`,
      options,
    )
  }
  const protocol = found.find(({ type }) => type !== undefined)
  if (protocol !== undefined) return explainAnswer(protocol, options)
  if (isConnectionError(error)) {
    if (tlsProblem.test(message)) {
      return new KafkaIoError(
        'tls-refused',
        `TLS with the broker (${address}) did not come about: ${message}. Check that this port speaks TLS, ` +
          'the authority (tls.ca), the name in its certificate, the client certificate where it asks for one, and ' +
          'the dates of both',
        options,
      )
    }
    return unreachable(brokers, message, error)
  }
  return new KafkaIoError('request-failed', `Kafka (${address}) could not be used: ${message}`, options)
}

/** OpenSSL's messages name files of its source and end with a line break: the reason alone is of use. */
function oneLine(message: string): string {
  const reason = /:SSL routines:[^:]*:([^:\n]+)/.exec(message)?.[1]
  return reason ?? message.trim().replaceAll(/\s*\n\s*/g, ' ')
}

export function unreachable(brokers: readonly string[], found: string, cause?: unknown): KafkaIoError {
  return new KafkaIoError(
    'broker-unreachable',
    `No broker answers at ${brokers.join(', ')} (${found}): check the address, that the broker runs, and whether ` +
      'this port expects TLS or a login',
    { cause },
  )
}

export function unknownTopic(topic: string, cause?: unknown): KafkaIoError {
  return new KafkaIoError(
    'unknown-topic',
    `Expected the topic ${topic}, found none of that name: create it, or check the spelling`,
    { cause },
  )
}

function explainAnswer({ type = '', message, topic }: KafkaJsError, options: ErrorOptions): KafkaIoError {
  if (type === 'UNKNOWN_TOPIC_OR_PARTITION' || type === 'INVALID_TOPIC_EXCEPTION') {
    return topic === undefined
      ? new KafkaIoError('unknown-topic', 'A topic does not exist: create it, or check the spelling', options)
      : unknownTopic(topic, options.cause)
  }
  if (type.endsWith('AUTHORIZATION_FAILED')) {
    return new KafkaIoError(
      'not-authorized',
      `The login may not do this (${message}): grant it the right, or use another`,
      options,
    )
  }
  if (type === 'ILLEGAL_SASL_STATE' || type === 'UNSUPPORTED_SASL_MECHANISM') {
    return new KafkaIoError(
      'login-refused',
      `The broker does not take this login (${message}): check the mechanism, and that this port expects a login`,
      options,
    )
  }
  return new KafkaIoError('request-failed', `The broker answered ${type}: ${message}`, options)
}
