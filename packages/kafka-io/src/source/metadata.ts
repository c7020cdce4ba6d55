import { mayNotUse, unknownTopic } from '../client/explain-answer.js'
import type { InternalCluster, InternalTopicMetadata } from '../client/internals.js'
import { KafkaIoError } from '../errors.js'
import { keyOfPartition, type TopicPartition } from '../topic-partition.js'

/** Kafka's error codes that are met here (kafka.apache.org/protocol#protocol_error_codes). */
export const errorCodes = {
  offsetOutOfRange: 1,
  unknownTopic: 3,
  topicAuthorizationFailed: 29,
  unknownTopicId: 100,
} as const

/** Which partitions the wanted topics have, and who leads them. */
export class TopicMetadata {
  readonly #wanted: readonly (string | RegExp)[]
  #topics: InternalTopicMetadata[] = []
  readonly #leaders = new Map<string, number>()

  constructor(wanted: readonly (string | RegExp)[]) {
    this.#wanted = wanted
  }

  /** Refreshes the metadata. A regular expression needs the list of all topics. */
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

  /** What tells the topic from all others that had or will have its name; null where it is not there, or not known. */
  idOf(topic: string): string | null {
    return this.#found().find((each) => each.topic === topic)?.topicId ?? null
  }

  has({ topic, partition }: TopicPartition): boolean {
    const found = this.#found().find((each) => each.topic === topic)
    return found?.partitionMetadata.some(({ partitionId }) => partitionId === partition) ?? false
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
      if (code === errorCodes.topicAuthorizationFailed) throw mayNotUse(wanted)
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
