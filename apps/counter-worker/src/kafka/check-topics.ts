import { ExitCode, ExitError, type Logger } from '@card/app-kit'
import { KafkaSource, prepareTopics, redactSettings } from '@card/kafka-io'
import type { OptionValues } from '../settings/option-table.js'
import { connectionSettings, kafkaClient, withKafka } from './connection.js'
import { describeOutputs, outputPlans } from './topic-outputs.js'

/** The connection's settings as they may be printed: no secret is in the text. @throws ExitError (78) */
export async function printableConnection(values: OptionValues): Promise<string> {
  return JSON.stringify(redactSettings(await withKafka(() => connectionSettings(values, process.env))))
}

/**
 * Connects, and verifies the topics that a run would read and write, without creating or reading any.
 *
 * @throws ExitError (78), with a line for each problem
 */
export async function checkTopics(values: OptionValues, log: Logger): Promise<void> {
  try {
    await withKafka(async () => {
      const client = kafkaClient(values, process.env, log)
      // Without the group: a check must not make a group that works rebalance.
      const source = await KafkaSource.open(client, {
        topics: values.topic instanceof RegExp ? [values.topic] : values.topic!,
        from: values.from,
      })
      await source.close()
      const existing = await describeOutputs(client, values)
      for (const { topic, ...plan } of outputPlans(values)) {
        if (existing.get(topic) === null) log.info({ topic }, 'a run would create this topic')
        else for (const warning of await prepareTopics(client, [{ ...plan, topic }])) log.warn(warning)
      }
    })
  } catch (error) {
    if (!(error instanceof ExitError)) throw error
    throw new ExitError(ExitCode.configuration, error.problems)
  }
}
