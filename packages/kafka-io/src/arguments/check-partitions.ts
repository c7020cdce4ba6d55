import type { TopicPartition } from '../topic-partition.js'
import { badArguments, checkArgument, optionProblems } from './check-options.js'
import { isObject, listOf, partitionNumber, type Rule, text } from './rules.js'

const partitionRules = { topic: text, partition: partitionNumber }
const anything: Rule = { expected: 'an object { topic, partition }', accepts: () => true }

/**
 * @param more what each partition has besides its topic and number
 * @throws `bad-settings`, with every problem
 */
export function checkPartitions(
  what: string,
  name: string,
  partitions: readonly TopicPartition[],
  more: Readonly<Record<string, Rule>> = {},
): void {
  checkArgument(what, name, partitions, listOf(anything))
  const required = { ...partitionRules, ...more }
  const problems = partitions.flatMap((each, i) => optionProblems(each, { required }, `${name}[${i}]`))
  if (problems.length > 0) throw badArguments(what, problems)
}

/** Checks a partition by itself; other members are ignored, as events have some. @throws `bad-settings` */
export function checkPartition(what: string, partition: TopicPartition, at = 'partition'): void {
  if (isObject(partition) && text.accepts(partition.topic) && partitionNumber.accepts(partition.partition))
    return
  const named = isObject(partition) ? { topic: partition.topic, partition: partition.partition } : partition
  throw badArguments(what, optionProblems(named, { required: partitionRules }, at))
}

/** As `checkPartition`, for each of a list. @throws `bad-settings` */
export function checkEachPartition(what: string, partitions: readonly TopicPartition[]): void {
  checkArgument(what, 'partitions', partitions, listOf(anything))
  for (const [i, partition] of partitions.entries()) checkPartition(what, partition, `partitions[${i}]`)
}
