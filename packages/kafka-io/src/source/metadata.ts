import { unknownTopic } from '../client/explain.js'
import type { InternalCluster, InternalTopicMetadata } from '../client/internals.js'
import { KafkaIoError } from '../errors.js'
import { keyOfPartition } from './offsets.js'
import type { TopicPartition } from './types.js'

/** Kafka's error codes that are met here (kafka.apache.org/protocol#protocol_error_codes). */
export const errorCodes = { offsetOutOfRange: 1, unknownTopic: 3, topicAuthorizationFailed: 29 } as const

/** Which partitions the wanted topics have, and who leads them. */
export class TopicMetadata {
  readonly #wanted: readonly (string | RegExp)[]
  #topics: InternalTopicMetadata[] = []
  readonly #leaders = new Map<string, number>()

  constructor(wanted: readonly (string | RegExp)[]) {
    this.#wanted = wanted
  }

  /** Asks the brokers anew. A regular expression needs the list of all topics. */
  async refresh(cluster: InternalCluster): Promise<void> {
    const names = this.#wanted.filter((each) => typeof each === 'string')
    cluster.targetTopics = new Set(names.length === this.#wanted.length ? names : [])
    await cluster.refreshMetadata()
    this.#topics = cluster.brokerPool.metadata?.topicMetadata ?? []
    this.#leaders.clear()
    for (const { topic, partitionMetadata } of this.#found()) {
      for (const { partitionId, leader } of partitionMetadata) {
        if (leader >= 0) this.#leaders.set(keyOfPartition({ topic, partition: partitionId }), leader)
      }
    }
  }

  /** Names of the wanted topics that exist. */
  get topics(): string[] {
    return this.#found().map(({ topic }) => topic)
  }

  get partitions(): TopicPartition[] {
    return this.#found().flatMap(({ topic, partitionMetadata }) =>
      partitionMetadata
        .map(({ partitionId }) => ({ topic, partition: partitionId }))
        .sort((a, b) => a.partition - b.partition),
    )
  }

  /** The node to read a partition from; null while it has none. */
  leaderOf(partition: TopicPartition): number | null {
    return this.#leaders.get(keyOfPartition(partition)) ?? null
  }

  /** Every named topic is there, and at least one that matches. */
  get complete(): boolean {
    const { topics } = this
    return (
      topics.length > 0 &&
      this.#wanted.every((wanted) => typeof wanted !== 'string' || topics.includes(wanted))
    )
  }

  /**
   * @throws `unknown-topic` where a named topic does not exist or no topic matches, `not-authorized`
   */
  verify(): void {
    for (const wanted of this.#wanted) {
      if (typeof wanted !== 'string') continue
      const code =
        this.#topics.find(({ topic }) => topic === wanted)?.topicErrorCode ?? errorCodes.unknownTopic
      if (code === errorCodes.unknownTopic) throw unknownTopic(wanted)
      if (code === errorCodes.topicAuthorizationFailed) throw notAuthorized(wanted)
    }
    if (this.topics.length > 0) return
    throw new KafkaIoError(
      'unknown-topic',
      `No topic matches ${this.#wanted.join(', ')}: create one, or check the pattern`,
    )
  }

  #found(): InternalTopicMetadata[] {
    return this.#topics.filter(
      ({ topic, isInternal, partitionMetadata }) =>
        partitionMetadata.length > 0 &&
        this.#wanted.some((wanted) =>
          typeof wanted === 'string' ? wanted === topic : !isInternal && topic.search(wanted) >= 0,
        ),
    )
  }
}

export function notAuthorized(topic: string): KafkaIoError {
  return new KafkaIoError(
    'not-authorized',
    `The login may not read the topic ${topic}: grant it READ and DESCRIBE, or use another`,
  )
}
