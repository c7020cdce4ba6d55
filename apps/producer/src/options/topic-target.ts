import type { OptionValues } from '@card/app-kit'
import type { CodecName } from '@card/kafka-io'
import type { connectionOptions, sendingOptions } from './topic-options.js'

/** Where Kafka is. */
export interface Connection {
  readonly brokers: readonly string[]
  /** JSON file with TLS and SASL settings. */
  readonly kafkaConfig: string | null
}

/** A topic to send to, and how. */
export interface TopicTarget extends Connection {
  readonly topic: string
  /** Expected of the topic, or what it is made with. */
  readonly partitions: number | null
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

type TopicValues = { readonly topic: string | null } & OptionValues<
  typeof connectionOptions & typeof sendingOptions
>

/** Brings the options of sending together; null without a topic. */
export function topicTarget(values: TopicValues): TopicTarget | null {
  const { topic, brokers, kafkaConfig, partitions, partitionBy, acks } = values
  if (topic === null) return null
  const profile = profiles[values.profile]
  return {
    brokers: brokers ?? [],
    kafkaConfig,
    topic,
    partitions,
    keyed: partitionBy === 'key',
    compression: values.compression ?? profile.compression,
    batchSize: values.batchSize ?? profile.batchSize,
    linger: values.linger ?? profile.linger,
    acks: acks === 'all' ? -1 : acks === '1' ? 1 : 0,
  }
}
