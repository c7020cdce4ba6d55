import type { CodecName } from '@card/kafka-io'
import { flagOf, type Parsed } from './read-rows.js'
import type { connectionRows, sendingRows } from './topic-rows.js'

/** Where Kafka is. */
export interface Connection {
  readonly brokers: string[]
  /** JSON file with TLS and SASL settings. */
  readonly kafkaConfig: string | undefined
}

/** A topic to send to, and how. */
export interface TopicTarget extends Connection {
  readonly topic: string
  /** Expected of the topic, or what it is made with. */
  readonly partitions: number | undefined
  /** Whether records are keyed by their frame's key. */
  readonly keyed: boolean
  readonly compression: CodecName
  readonly acks: -1 | 0 | 1
  /** Bytes of one send. */
  readonly batchSize: number
  /** How long paced frames gather, ms. */
  readonly linger: number
}

const profiles = {
  throughput: { compression: 'lz4', batchSize: 500_000, linger: 100 },
  latency: { compression: 'none', batchSize: 16 * 1024, linger: 5 },
} as const

type TopicFlags = { topic: string | undefined } & Parsed<typeof connectionRows> & Parsed<typeof sendingRows>

/** Brings the flags of sending together; null without --topic. */
export function topicTarget(flags: TopicFlags, problems: string[]): TopicTarget | null {
  const { topic, partitions, partitionBy, acks } = flags
  if (topic === undefined) return null
  const profile = profiles[flags.profile]
  return {
    ...connection(flags, problems),
    topic,
    partitions,
    keyed: partitionBy === 'key',
    compression: flags.compression ?? profile.compression,
    batchSize: flags.batchSize ?? profile.batchSize,
    linger: flags.linger ?? profile.linger,
    acks: acks === 'all' ? -1 : acks === '1' ? 1 : 0,
  }
}

/** Checks that the brokers are named. */
export function connection(
  { brokers = [], kafkaConfig }: Parsed<typeof connectionRows>,
  problems: string[],
): Connection {
  if (brokers.length === 0) problems.push('--brokers: expected host:port of Kafka, found none')
  return { brokers, kafkaConfig }
}

/** The flags of these rows that were given. */
export function givenFlags(raw: Readonly<Record<string, unknown>>, names: readonly string[]): string[] {
  return names.filter((name) => raw[name] !== undefined).map(flagOf)
}
