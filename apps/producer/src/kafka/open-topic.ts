import { KafkaClient, KafkaSink, loadKafkaSettings, prepareTopics } from '@card/kafka-io'
import { compressionOf } from '@card/kafka-io/compression'
import type { Connection, TopicTarget } from '../options/topic-target.js'

/** Connects to Kafka with what the flags, the file and the environment (`CARD_KAFKA_…`) say. */
export function clientOf({ brokers, kafkaConfig }: Connection): KafkaClient {
  const sources = {
    brokers: [...brokers],
    clientId: 'card-producer',
    file: kafkaConfig ?? undefined,
    env: process.env,
  }
  return new KafkaClient(loadKafkaSettings(sources))
}

/**
 * Makes or verifies the topic and connects.
 *
 * @throws KafkaIoError
 */
export async function openTopic(target: TopicTarget): Promise<KafkaSink> {
  const { topic, partitions, compression, acks, batchSize } = target
  const client = clientOf(target)
  const plan = { topic, create: true, ...(partitions !== null && { partitions }) }
  await prepareTopics(client, [plan])
  return KafkaSink.open(client, { compression: compressionOf(compression), acks, targetBytes: batchSize })
}
