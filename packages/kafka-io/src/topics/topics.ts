import { setTimeout as pause } from 'node:timers/promises'
import type { Admin } from 'kafkajs'
import { checkArgument, checkOptions } from '../arguments/check-options.js'
import { flag, listOf, oneOf, type Rule, recordOf, text, wholeNumber } from '../arguments/rules.js'
import { answerType } from '../client/error-chain.js'
import { mayNotUse, unknownTopic } from '../client/explain-answer.js'
import { checkClient, isTransient, type KafkaClient } from '../client/kafka-client.js'
import { KafkaIoError } from '../errors.js'
import { compareSettings } from './compare-settings.js'

/** What is asked of a topic before work begins. */
export interface TopicPlan {
  topic: string
  /** The exact number; without it any number will do (a new topic gets the broker's default). */
  partitions?: number
  /** The number for a new topic; an existing one may have any number. Default: the broker's. */
  newPartitions?: number
  /** Copies of each partition of a new topic; default -1, the broker's. */
  replicas?: number
  /** Settings that a new topic gets and an existing one must have, by their name; `max.message.bytes` may be more. */
  settings?: Readonly<Record<string, string>>
  /** Make it where it is missing; else a missing topic is an error. */
  create?: boolean
  /**
   * `required`: compacted and nothing else (state would be lost otherwise); `wanted`: a topic that is made
   * gets it, an existing one that is not draws a warning. Default: whatever it is.
   */
  compacted?: 'required' | 'wanted'
  /** With `wanted`: what a new topic holds goes by age, too, as the broker's retention says. */
  aged?: boolean
}

/** A topic as the brokers describe it. */
export interface TopicDescription {
  topic: string
  /** How many. */
  partitions: number
  /** How many copies each partition has; of several numbers the least. */
  replicas: number
  /** For example `compact`, `delete`, `compact,delete`; null where the login may not see it. */
  cleanupPolicy: string | null
  /** The largest record batch the topic takes, as compressed; bytes, null where the login may not see it. */
  maxMessageBytes: number | null
}

/** From where to where a partition holds records: `low` to below `high`. */
export interface PartitionOffsets {
  partition: number
  /** First offset there is. */
  low: number
  /** Offset that the next record will get; `topicOffsets` gives that of the first open transaction's first record instead. */
  high: number
}

/** How long the brokers may take to hear of a new topic and to choose its leaders, ms. */
const newTopicPatience = 10_000
const topicResource = 2
const describedConfigs = ['cleanup.policy', 'max.message.bytes']
const unknown = 'UNKNOWN_TOPIC_OR_PARTITION'

const planRules = {
  required: { topic: text },
  optional: {
    partitions: wholeNumber(1),
    newPartitions: wholeNumber(1),
    replicas: wholeNumber(-1, 32_767),
    settings: recordOf(text),
    create: flag,
    compacted: oneOf('required', 'wanted'),
    aged: flag,
  },
}
const anything: Rule = { expected: 'a plan', accepts: () => true }

/**
 * A topic as it is, null where there is none.
 *
 * @throws `broker-unreachable` (after `unreachableTimeout`), `login-refused`, `tls-refused`, `not-authorized`,
 *   `request-failed`
 */
export async function describeTopic(client: KafkaClient, topic: string): Promise<TopicDescription | null> {
  checkClient('describeTopic', client)
  checkArgument('describeTopic', 'topic', topic, text)
  return client.admin((admin) => describe(admin, topic))
}

/**
 * The offsets of every partition, by its number: what lies between them is at least the number of records there, for
 * compaction and transactions leave gaps.
 *
 * @throws `unknown-topic`; `broker-unreachable` (after `unreachableTimeout`), `login-refused`, `tls-refused`,
 *   `not-authorized`, `request-failed`
 */
export async function topicOffsets(client: KafkaClient, topic: string): Promise<PartitionOffsets[]> {
  checkClient('topicOffsets', client)
  checkArgument('topicOffsets', 'topic', topic, text)
  return client.admin(async (admin) => {
    if ((await partitionsOf(admin, topic)) === null) throw unknownTopic(topic)
    const offsets = await admin.fetchTopicOffsets(topic)
    return offsets
      .map(({ partition, low, high }) => ({ partition, low: Number(low), high: Number(high) }))
      .sort((a, b) => a.partition - b.partition)
  })
}

/**
 * Verifies topics, and makes those that are ours to make: the broker stamps their records with its own clock,
 * since retention counts from a record's time. One that is made has leaders for all its partitions when this
 * resolves, unless they take more than 10 s.
 *
 * @returns warnings, one sentence each
 * @throws `unknown-topic`, `partition-count`, `topic-config`: one error that names every problem;
 *   `broker-unreachable` (after `unreachableTimeout`), `login-refused`, `tls-refused`, `not-authorized`, `request-failed`
 */
export async function prepareTopics(client: KafkaClient, plans: readonly TopicPlan[]): Promise<string[]> {
  checkClient('prepareTopics', client)
  checkArgument('prepareTopics', 'plans', plans, listOf(anything))
  for (const plan of plans) checkOptions('prepareTopics', plan, planRules)
  return client.admin(async (admin) => {
    const problems: KafkaIoError[] = []
    const warnings: string[] = []
    for (const plan of plans) {
      const found = (await describe(admin, plan.topic)) ?? (await create(admin, plan))
      if (found === null) {
        problems.push(unknownTopic(plan.topic))
        continue
      }
      compare(plan, found, problems, warnings)
      if (plan.settings === undefined) continue
      const names = Object.keys(plan.settings)
      const config = await configOf(admin, plan.topic, names)
      compareSettings(
        { topic: plan.topic, settings: plan.settings, brokers: client.settings.brokers },
        config,
        problems,
        warnings,
      )
    }
    const [first] = problems
    if (first !== undefined) {
      throw new KafkaIoError(first.code, problems.map(({ message }) => message).join('\n'))
    }
    return warnings
  })
}

function compare(
  plan: TopicPlan,
  found: TopicDescription,
  problems: KafkaIoError[],
  warnings: string[],
): void {
  const { topic, partitions, compacted } = plan
  if (partitions !== undefined && partitions !== found.partitions) {
    const remedy = 'use another topic, or recreate this one with that number'
    problems.push(
      new KafkaIoError(
        'partition-count',
        `Expected ${topic} to have a partition count of ${partitions}, found ${found.partitions}: ${remedy}`,
      ),
    )
  }
  if (compacted === undefined || found.cleanupPolicy === null || found.cleanupPolicy === 'compact') return
  if (compacted === 'required') {
    problems.push(
      new KafkaIoError(
        'topic-config',
        `Expected ${topic} to have cleanup.policy=compact, found ${found.cleanupPolicy}, which would delete state: ` +
          'set it to compact alone, or name another topic',
      ),
    )
  } else if (!found.cleanupPolicy.includes('compact')) {
    warnings.push(
      `${topic} is not compacted (cleanup.policy=${found.cleanupPolicy}): it keeps every record of a key, not only ` +
        'the last, until they are deleted by age',
    )
  }
}

async function create(admin: Admin, plan: TopicPlan) {
  const { topic, partitions, newPartitions, replicas = -1, settings = {}, compacted, aged } = plan
  if (!plan.create) return null
  const configEntries = [
    { name: 'message.timestamp.type', value: 'LogAppendTime' },
    ...(compacted === undefined
      ? []
      : [{ name: 'cleanup.policy', value: aged ? 'compact,delete' : 'compact' }]),
    ...Object.entries(settings).map(([name, value]) => ({ name, value })),
  ]
  // -1: the broker's defaults. Another worker may be faster, which is as good.
  const numPartitions = partitions ?? newPartitions ?? -1
  await admin.createTopics({
    topics: [{ topic, numPartitions, replicationFactor: replicas, configEntries }],
    waitForLeaders: false,
  })
  // The broker that is asked next may not have heard of it yet, which waitForLeaders of kafkajs fails on.
  const end = Date.now() + newTopicPatience
  for (;;) {
    const found = await describe(admin, topic)
    if (Date.now() > end || (found !== null && (await isLed(admin, found)))) return found
    await pause(100)
  }
}

// Records sent to several partitions before all of them are led are sent, and written, again: see `KafkaSink`.
async function isLed(admin: Admin, { topic, partitions }: TopicDescription): Promise<boolean> {
  try {
    return (await admin.fetchTopicOffsets(topic)).length === partitions
  } catch (error) {
    if (isTransient(error) || answerType(error) === unknown) return false
    throw error
  }
}

async function describe(admin: Admin, topic: string): Promise<TopicDescription | null> {
  const partitions = await partitionsOf(admin, topic)
  if (partitions === null) return null
  const config = await configOf(admin, topic, describedConfigs)
  const bytes = config.get('max.message.bytes')
  return {
    topic,
    partitions: partitions.length,
    replicas: Math.min(...partitions),
    cleanupPolicy: config.get('cleanup.policy') ?? null,
    maxMessageBytes: bytes === undefined ? null : Number(bytes),
  }
}

async function configOf(admin: Admin, topic: string, configNames: string[]): Promise<Map<string, string>> {
  const end = Date.now() + newTopicPatience
  for (;;) {
    try {
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: topicResource, name: topic, configNames }],
      })
      return new Map(
        resources.flatMap(({ configEntries }) =>
          configEntries.map((entry) => [entry.configName, entry.configValue]),
        ),
      )
    } catch (error) {
      const type = answerType(error)
      if (type === 'TOPIC_AUTHORIZATION_FAILED') return new Map()
      // Another broker than the one that named the topic answers here, and may hear of it a moment later.
      if (type !== unknown || Date.now() > end) throw error
    }
    await pause(100)
  }
}

/** How many copies each partition of a topic has; null where there is no topic. @throws `not-authorized` */
async function partitionsOf(admin: Admin, topic: string): Promise<number[] | null> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
    return topics[0]?.partitions.map(({ replicas }) => replicas.length) ?? null
  } catch (error) {
    const type = answerType(error)
    if (type === unknown) return null
    throw type === 'TOPIC_AUTHORIZATION_FAILED' ? mayNotUse(topic, error) : error
  }
}
