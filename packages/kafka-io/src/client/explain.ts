import { KafkaIoError } from '../errors.js'
import { chain, isConnectionError } from './error-chain.js'
import { explainAnswer, servesNoClients } from './explain-answer.js'

const tlsProblem = /certificate|altname|SSL|TLS|self.signed|EPROTO|handshake/i

/**
 * The one clear error for what kafkajs threw: what was found and what to do.
 *
 * @param brokers as configured, for the message
 */
export function explain(error: unknown, brokers: readonly string[]): KafkaIoError {
  const found = chain(error)
  const own = found.find((each) => each instanceof KafkaIoError)
  if (own instanceof KafkaIoError) return own
  const message = oneLine(found.at(-1)?.message ?? String(error))
  const answer = found.find(
    ({ name, type }) => type !== undefined || name === 'KafkaJSSASLAuthenticationError',
  )
  if (answer !== undefined) return explainAnswer(answer, { brokers, message, cause: error })
  const address = brokers.join(', ')
  if (found.some(({ name }) => name === 'KafkaJSServerDoesNotSupportApiKey'))
    return servesNoClients(address, message, error)
  if (!isConnectionError(error)) {
    return new KafkaIoError('request-failed', `Kafka (${address}) could not be used: ${message}`, {
      cause: error,
    })
  }
  if (!tlsProblem.test(message)) return unreachable(brokers, message, error)
  return new KafkaIoError(
    'tls-refused',
    `The TLS handshake with the broker (${address}) failed: ${message}. Check that this port speaks TLS, and check the authority ` +
      '(tls.ca), the name in the certificate, the client certificate if the broker asks for one, and the dates of both',
    { cause: error },
  )
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
