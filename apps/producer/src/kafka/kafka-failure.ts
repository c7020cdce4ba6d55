import { ExitCode, ExitError } from '@card/app-kit'
import type { KafkaIoError, KafkaIoErrorCode } from '@card/kafka-io'

/** What is wrong with the configuration, ours or the broker's, and not with the moment. */
const configuration: ReadonlySet<KafkaIoErrorCode> = new Set<KafkaIoErrorCode>([
  'bad-settings',
  'unknown-topic',
  'partition-count',
  'topic-config',
  'login-refused',
  'not-authorized',
  'tls-refused',
])

/** The end of the program that a failure of Kafka is. */
export function kafkaFailure(error: KafkaIoError): ExitError {
  const code = configuration.has(error.code) ? ExitCode.configuration : ExitCode.failed
  return new ExitError(code, error.message.split('\n'), { cause: error })
}
