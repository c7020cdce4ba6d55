import { ExitCode, ExitError } from '@card/app-kit'
import { isConfigurationError, type KafkaIoError } from '@card/kafka-io'

/** The end of the program that a failure of Kafka is. */
export function kafkaFailure(error: KafkaIoError): ExitError {
  const code = isConfigurationError(error) ? ExitCode.configuration : ExitCode.failed
  return new ExitError(code, error.message.split('\n'), { cause: error })
}
