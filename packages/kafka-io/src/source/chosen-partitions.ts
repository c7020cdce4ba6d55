import { KafkaIoError } from '../errors.js'
import { keyOfPartition, type TopicPartition } from '../topic-partition.js'

/**
 * The partitions to read of all there are.
 *
 * @param chosen by topic; undefined: all
 * @throws `partition-count` where one of those is not there
 */
export function chosenPartitions(
  all: TopicPartition[],
  chosen: Readonly<Record<string, readonly number[]>> | undefined,
): TopicPartition[] {
  if (chosen === undefined) return all
  const keys = new Set(all.map(keyOfPartition))
  const wanted = Object.entries(chosen).flatMap(([topic, numbers]) =>
    numbers.map((partition) => ({ topic, partition })),
  )
  const missing = wanted.find((each) => !keys.has(keyOfPartition(each)))
  if (missing === undefined) return wanted
  const count = all.filter(({ topic }) => topic === missing.topic).length
  throw new KafkaIoError(
    'partition-count',
    `Expected a partition ${missing.partition} of ${missing.topic}, found a partition count of ${count}: ` +
      'name existing ones, or add partitions to the topic',
  )
}
