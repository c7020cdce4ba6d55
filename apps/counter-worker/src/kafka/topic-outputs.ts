import { ExitCode, ExitError, type Logger } from '@card/app-kit'
import {
  describeTopic,
  type KafkaClient,
  KafkaIoError,
  KafkaSink,
  type PartitionOffsets,
  prepareTopics,
  type TopicDescription,
  type TopicPlan,
  topicOffsets,
} from '@card/kafka-io'
import type { TopicOutputs } from '../output/outputs.js'
import { topicFormat } from '../output/result-format.js'
import { RefusedLineTopic, resultRecords, TopicWriter } from '../output/topic-writer.js'
import { type OptionValues, publishedNames } from '../settings/option-table.js'
import { topicOf } from '../settings/topics.js'
import { withKafka } from './connection.js'
import { refusedValueLimit, whyTooSmallForLines, whyTooSmallForResults } from './record-bounds.js'

/** The topics a run writes to, and what is asked of them; those that are missing are made. */
export function outputPlans(values: OptionValues): TopicPlan[] {
  const refused = [values['rejects-topic'], values['late-topic']].filter((topic) => topic !== null)
  return [
    ...resultTopics(values).map((topic) => ({ topic, create: true, compacted: 'wanted' as const })),
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

/** The topics that results go to, each once. */
function resultTopics(values: OptionValues): string[] {
  const template = values['out-topic']
  if (template === null) return []
  return [...new Set(publishedNames(values).map((name) => topicOf(template, name)))]
}

/**
 * Makes or verifies the output topics and connects to them; null where nothing is written to topics.
 *
 * @throws KafkaIoError; ExitError (78)
 */
export async function openTopicOutputs(
  client: KafkaClient,
  values: OptionValues,
  log: Logger,
): Promise<TopicOutputs | null> {
  if (outputPlans(values).length === 0) return null
  const descriptions = await prepareOutputs(client, values, log)
  await noteEarlierResults(client, values, log)
  const writer = new TopicWriter(await KafkaSink.open(client))
  return {
    ...outputsTo(writer, values, descriptions),
    failures: () => writer.failures,
    windows: () => writer.delivered,
    flush: () => withKafka(() => writer.flush()),
    abandon: () => writer.abandon(),
    close: () => withKafka(() => writer.close()),
  }
}

/**
 * Makes or verifies the output topics. @returns them as they are
 *
 * @throws KafkaIoError; ExitError (78)
 */
export async function prepareOutputs(
  client: KafkaClient,
  values: OptionValues,
  log: Pick<Logger, 'warn'>,
): Promise<Map<string, TopicDescription | null>> {
  const plans = outputPlans(values)
  if (plans.length === 0) return new Map()
  for (const warning of await prepareTopics(client, plans)) log.warn(warning)
  return describeOutputs(client, values)
}

/** What brings results and refused lines to their topics as records. */
export function outputsTo(
  writer: Pick<TopicWriter, 'add'>,
  values: OptionValues,
  descriptions: ReadonlyMap<string, TopicDescription | null>,
): Pick<TopicOutputs, 'results' | 'rejects' | 'late'> {
  const template = values['out-topic']
  const record = resultRecords(topicFormat(values))
  const refused = (topic: string | null, label: 'reason' | 'action') =>
    topic === null
      ? null
      : new RefusedLineTopic(topic, label, refusedValueLimit(descriptions.get(topic)!), writer)
  return {
    results:
      template === null
        ? null
        : (result) => writer.add(topicOf(template, result.window), record(result), result.revision === 0),
    rejects: refused(values['rejects-topic'], 'reason'),
    late: refused(values['late-topic'], 'action'),
  }
}

/**
 * The output topics as they are; null where one does not exist.
 *
 * @throws ExitError (78) where one could not take every record: it would end the worker at each start
 */
export async function describeOutputs(
  client: KafkaClient,
  values: OptionValues,
): Promise<Map<string, TopicDescription | null>> {
  const results = new Set(resultTopics(values))
  const descriptions = new Map<string, TopicDescription | null>()
  const problems: string[] = []
  for (const { topic } of outputPlans(values)) {
    const description = await describeTopic(client, topic)
    descriptions.set(topic, description)
    const why = results.has(topic)
      ? whyTooSmallForResults(topic, description, values)
      : whyTooSmallForLines(topic, description)
    if (why !== null) problems.push(why)
  }
  if (problems.length > 0) throw new ExitError(ExitCode.configuration, problems)
  return descriptions
}

/**
 * Says so where results topics hold results already: revisions begin at 0 again, so that of a window that an earlier run
 * has corrected the highest revision is an old one.
 */
async function noteEarlierResults(client: KafkaClient, values: OptionValues, log: Logger): Promise<void> {
  const holding: string[] = []
  for (const topic of resultTopics(values)) {
    const partitions = await offsetsWhereVisible(client, topic)
    if (partitions.some(({ low, high }) => high > low)) holding.push(topic)
  }
  if (holding.length === 0) return
  const message =
    `${holding.join(', ')} ${holding.length === 1 ? 'holds' : 'hold'} results of an earlier run, and this run keeps no ` +
    'state: its revisions start at 0 again, so the highest revision of a window may be a stale one'
  // Early results have many revisions, so the mixture is certain: it is reported whatever the log's level is.
  if (values.early === null) log.warn({ topics: holding }, message)
  else if (values['log-level'] !== 'silent') log.error({ topics: holding }, message)
  else process.stderr.write(`counter-worker: ${message}\n`)
}

async function offsetsWhereVisible(client: KafkaClient, topic: string): Promise<PartitionOffsets[]> {
  try {
    return await topicOffsets(client, topic)
  } catch (error) {
    if (error instanceof KafkaIoError && error.code === 'not-authorized') return []
    throw error
  }
}
