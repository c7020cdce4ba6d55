import { ExitCode, ExitError, type Logger } from '@card/app-kit'
import {
  isConfigurationError,
  KafkaClient,
  KafkaIoError,
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
 * A client that says at once when brokers do not answer, and until when they are tried.
 *
 * @throws KafkaIoError bad-settings
 */
export function kafkaClient(values: OptionValues, environment: Environment, log: Logger): KafkaClient {
  return new KafkaClient(connectionSettings(values, environment), {
    // What kafkajs calls an error is mostly tried again, and then nothing for the log.
    log: (_level, message) => log.debug(message),
    onUnreachable({ brokers, reason, until }) {
      const seconds = Math.max(1, Math.round((until - Date.now()) / 1000))
      const end = new Date(until).toISOString()
      log.warn(
        { brokers, reason, until: end },
        `no broker answers at ${brokers.join(', ')} (${reason}): trying for ${seconds} s, until ${end}`,
      )
    },
    onReachable: () => log.info('a broker answers again'),
  })
}

/** Does work with Kafka. @throws ExitError (78 or 1) where Kafka cannot be used, with a line for each problem */
export async function withKafka<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof KafkaIoError)) throw error
    const code = isConfigurationError(error) ? ExitCode.configuration : ExitCode.failed
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
