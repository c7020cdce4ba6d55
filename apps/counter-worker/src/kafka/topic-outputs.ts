import { describeTopic, type KafkaClient, KafkaSink, prepareTopics, type TopicPlan } from '@card/kafka-io'
import type { Logger } from '../log.js'
import type { TopicOutputs } from '../output/outputs.js'
import { topicFormat } from '../output/result-format.js'
import { RefusedLineTopic, resultRecords, TopicWriter } from '../output/topic-writer.js'
import { type OptionValues, publishedNames } from '../settings/option-table.js'
import { topicOf } from '../settings/topics.js'
import { withKafka } from './connection.js'

/** The topics a run writes to, and what is asked of them; those that are missing are made. */
export function outputPlans(values: OptionValues): TopicPlan[] {
  const template = values['out-topic']
  const results = template === null ? [] : publishedNames(values).map((name) => topicOf(template, name))
  const refused = [values['rejects-topic'], values['late-topic']].filter((topic) => topic !== null)
  return [
    ...[...new Set(results)].map((topic) => ({ topic, create: true, compacted: 'wanted' as const })),
    // Keyed by their place: what a restart refuses again stands there once. No later record makes one of them
    // needless, so they go by age.
    ...refused.map((topic) => ({
      topic,
      create: true,
      compacted: 'wanted' as const,
      aged: true,
    })),
  ]
}

/**
 * Makes or verifies the output topics and connects to them; null where nothing is written to topics.
 *
 * @throws KafkaIoError
 */
export async function openTopicOutputs(
  client: KafkaClient,
  values: OptionValues,
  log: Logger,
): Promise<TopicOutputs | null> {
  const plans = outputPlans(values)
  if (plans.length === 0) return null
  for (const warning of await prepareTopics(client, plans)) log.warn(warning)
  const writer = new TopicWriter(await KafkaSink.open(client))
  const template = values['out-topic']
  const record = resultRecords(topicFormat(values))
  const refused = async (topic: string | null, label: 'reason' | 'action') =>
    topic === null ? null : new RefusedLineTopic(topic, label, await mostBytes(client, topic), writer)
  return {
    results:
      template === null ? null : (result) => writer.add(topicOf(template, result.window), record(result)),
    rejects: await refused(values['rejects-topic'], 'reason'),
    late: await refused(values['late-topic'], 'action'),
    failures: () => writer.failures,
    flush: () => withKafka(() => writer.flush()),
    abandon: () => writer.abandon(),
    close: () => withKafka(() => writer.close()),
  }
}

/** Kafka's default of max.message.bytes. */
const defaultLimit = 1_048_588
/** What a record takes besides its value: its key and headers, and those of its batch. */
const besides = 1024

/** A refused line must fit, however long it is: a record that its topic does not take would end the worker. */
async function mostBytes(client: KafkaClient, topic: string): Promise<number> {
  const description = await describeTopic(client, topic)
  return Math.max(besides, (description?.maxMessageBytes ?? defaultLimit) - besides)
}
