import type { KafkaClient } from '@card/kafka-io'

/** Up to where a partition of the partials log is deleted. */
export interface PurgedPartition {
  readonly partition: number
  /** The first record that stays. */
  readonly offset: number
}

/** Deletes partials that are in the committed state of their merger. @throws KafkaIoError */
export async function purgePartials(
  client: KafkaClient,
  topic: string,
  offsets: readonly PurgedPartition[],
): Promise<void> {
  await client.admin(async (admin) => {
    // kafkajs does not know otherwise who leads the partitions.
    await admin.fetchTopicMetadata({ topics: [topic] })
    const partitions = offsets.map(({ partition, offset }) => ({ partition, offset: String(offset) }))
    await admin.deleteTopicRecords({ topic, partitions })
  })
}
