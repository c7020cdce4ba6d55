/** One partition of one topic. */
export interface TopicPartition {
  topic: string
  /** Its number, from 0. */
  partition: number
}

/** A partition's name in maps. */
export function keyOfPartition({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`
}
