import { ExitCode, ExitError, type Logger } from '@card/app-kit'
import { describeTopic, KafkaSource, prepareTopics, redactSettings } from '@card/kafka-io'
import type { OptionValues } from '../settings/option-table.js'
import { connectionSettings, kafkaClient, withKafka } from './connection.js'
import { outputPlans } from './topic-outputs.js'

/** The connection's settings as they may be printed: no secret is in the text. @throws ExitError (78) */
export async function printableConnection(values: OptionValues): Promise<string> {
  return JSON.stringify(redactSettings(await withKafka(() => connectionSettings(values, process.env))))
}

/**
 * Connects, and verifies the topics that a run would read and write, without making or reading any.
 *
 * @throws ExitError (78), with a line for each problem
 */
export async function checkTopics(values: OptionValues, log: Logger): Promise<void> {
  try {
    await withKafka(async () => {
      const client = kafkaClient(values, process.env, log)
      // Without the group: a look must not set the members of a group that works in motion.
      const source = await KafkaSource.open(client, {
        topics: values.topic instanceof RegExp ? [values.topic] : values.topic!,
        from: values.from,
      })
      await source.close()
      for (const { topic, ...plan } of outputPlans(values)) {
        if ((await describeTopic(client, topic)) === null) log.info({ topic }, 'a run would make this topic')
        else for (const warning of await prepareTopics(client, [{ ...plan, topic }])) log.warn(warning)
      }
    })
  } catch (error) {
    if (!(error instanceof ExitError)) throw error
    throw new ExitError(ExitCode.configuration, error.problems)
  }
}
