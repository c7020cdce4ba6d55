import { KafkaIoError, type KafkaIoErrorCode } from '@card/kafka-io'
import { CommanderError } from 'commander'
import { ProducerError } from './errors.js'

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

/** 0 done, 1 failed, 64 a bad flag or value, 78 a bad configuration. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 64
  if (error instanceof ProducerError && error.code === 'usage') return 64
  return error instanceof KafkaIoError && configuration.has(error.code) ? 78 : 1
}
