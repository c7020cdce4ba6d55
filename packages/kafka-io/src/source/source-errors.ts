import { KafkaIoError } from '../errors.js'
import type { TopicPartition } from '../topic-partition.js'

/** An error of one partition's bytes, with its place; others as they are. */
export function located(error: unknown, { topic, partition }: TopicPartition): unknown {
  if (!(error instanceof KafkaIoError)) return error
  return new KafkaIoError(error.code, `Partition ${partition} of ${topic}: ${error.message}`, {
    cause: error,
  })
}

export function noPartitions(group: string | undefined): KafkaIoError {
  return new KafkaIoError(
    'no-partitions',
    `The group ${group} gave this member no partition, so it has nothing to read to the end: other members hold them ` +
      'all. Stop those first, or use another group',
  )
}

export function noGroup(): KafkaIoError {
  return new KafkaIoError(
    'bad-settings',
    'This source is not a member of a group, so it has no generation and no committed offsets: open it with a group',
  )
}
