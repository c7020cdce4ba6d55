import { KafkaIoError } from '../errors.js'
import type { TopicMetadata } from './metadata.js'
import type { PartitionReader } from './partition-reader.js'

/**
 * If the topic of a reader was deleted and recreated, as its id tells, the reader continues with the new one from its
 * beginning. A partition that the new one does not have has ended.
 *
 * @throws `topic-recreated` with `until: 'end'`: the end that was asked for is never reached
 */
export function followRecreatedTopic(reader: PartitionReader, metadata: TopicMetadata): void {
  const id = metadata.idOf(reader.topic)
  if (id === null || reader.topicId === null || id === reader.topicId || reader.ended) return
  const { topic, partition, position, end } = reader
  if (end !== null) {
    throw topicRecreated(topic, `partition ${partition} was read to offset ${position} of ${end}`)
  }
  reader.topicId = id
  if (metadata.has(reader)) reader.jump('recreated', 0)
  else reader.endHere()
}

/** @param progress how far the deleted topic was read */
export function topicRecreated(topic: string, progress: string): KafkaIoError {
  return new KafkaIoError(
    'topic-recreated',
    `The topic ${topic} was deleted and recreated while it was read to its end: ${progress}. What was read is from the ` +
      'deleted topic: start again to read the new one',
  )
}

export function logTruncated(
  { topic, partition, fetchPosition }: PartitionReader,
  end: number,
): KafkaIoError {
  return new KafkaIoError(
    'log-truncated',
    `Partition ${partition} of ${topic} ends at offset ${end} but was read up to ${fetchPosition} before: the brokers ` +
      'have lost records (an unclean leader election?). Start again to read what is there',
  )
}
