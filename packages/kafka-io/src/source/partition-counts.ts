import type { InternalMetadata } from '../client/internals.js'
import { KafkaIoError } from '../errors.js'
import { metadataApi, metadataRequest } from '../protocol/metadata.js'
import { speaks } from '../protocol/request.js'
import type { ClusterConnection } from './cluster-connection.js'

/**
 * How many partitions topics have, without topics that do not exist or that the login may not see.
 *
 * @throws `bad-settings` where the brokers are older than Kafka 2.8
 */
export async function partitionCounts(
  connection: ClusterConnection,
  topics: readonly string[],
): Promise<Map<string, number>> {
  return connection.retrying(async () => {
    const broker = await connection.cluster.brokerPool.findConnectedBroker()
    if (!speaks(broker.versions, metadataApi)) throw tooOld(topics)
    const answer = await broker.connectionPool.send(metadataRequest(topics))
    const { topicMetadata } = answer as InternalMetadata
    return new Map(
      topicMetadata
        .filter(({ partitionMetadata }) => partitionMetadata.length > 0)
        .map(({ topic, partitionMetadata }) => [topic, partitionMetadata.length]),
    )
  })
}

function tooOld(topics: readonly string[]): KafkaIoError {
  return new KafkaIoError(
    'bad-settings',
    `Other members of the group subscribe to ${topics.join(', ')}, which this member does not: groups whose members ` +
      'subscribe to different topics need Kafka 2.8 or newer. Use the same topics for all members',
  )
}
