import { ExitCode, ExitError, type Logger } from '@card/app-kit'
import {
  KafkaClient,
  KafkaIoError,
  type KafkaIoErrorCode,
  type KafkaSettings,
  loadKafkaSettings,
} from '@card/kafka-io'
import type { OptionValues } from '../settings/option-table.js'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * How to reach the brokers: `--brokers`, and login and TLS from the file and the environment.
 *
 * @throws KafkaIoError bad-settings
 */
export function connectionSettings(values: OptionValues, environment: Environment): KafkaSettings {
  return loadKafkaSettings({
    brokers: [...(values.brokers ?? [])],
    clientId: 'counter-worker',
    file: values['kafka-config'] ?? undefined,
    env: environment,
  })
}

/**
 * @param onTrouble called while requests fail, also where they are tried again
 * @throws KafkaIoError bad-settings
 */
export function kafkaClient(
  values: OptionValues,
  environment: Environment,
  log: Logger,
  onTrouble: () => void = () => {},
): KafkaClient {
  return new KafkaClient(connectionSettings(values, environment), {
    // What kafkajs calls an error is mostly tried again: it is no news of ours.
    log(level, message) {
      if (level === 'error') onTrouble()
      log.debug(message)
    },
  })
}

/** What the configuration of either side has to put right; everything else failed in passing. */
const configuration: ReadonlySet<KafkaIoErrorCode> = new Set([
  'bad-settings',
  'login-refused',
  'not-authorized',
  'partition-count',
  'tls-refused',
  'topic-config',
  'unknown-topic',
])

/** Does work with Kafka. @throws ExitError (78 or 1) where Kafka cannot be used, with a line for each problem */
export async function withKafka<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof KafkaIoError)) throw error
    const code = configuration.has(error.code) ? ExitCode.configuration : ExitCode.failed
    throw new ExitError(code, linesOf(error.message), { cause: error })
  }
}

/** Whether an error of `withKafka` says that no broker answers any more. */
export function areBrokersGone(error: unknown): boolean {
  const cause = error instanceof ExitError ? error.cause : undefined
  return cause instanceof KafkaIoError && cause.code === 'broker-unreachable'
}

/** A line for each problem: a list below one sentence is that sentence with each of its points. */
function linesOf(message: string): string[] {
  const [sentence, ...points] = message.split('\n- ')
  return points.length === 0 ? message.split('\n') : points.map((point) => `${sentence} ${point}`)
}
