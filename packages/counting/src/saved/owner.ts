import { murmur2 } from '../wire/murmur2.js'
import { utf8 } from './bytes.js'

/** What one process at a time counts or merges, with its own saved state. */
export type Owner =
  | { readonly stage: 'count'; readonly topic: string; readonly partition: number }
  | { readonly stage: 'merge'; readonly partition: number }

/** `count/TOPIC/PARTITION` or `merge/PARTITION`; no name of a topic has a slash. */
export function ownerName(owner: Owner): string {
  return owner.stage === 'count' ? `count/${owner.topic}/${owner.partition}` : `merge/${owner.partition}`
}

/**
 * The partition of the checkpoint topic that holds an owner's state: partitions of a topic follow one another, so that
 * they spread evenly, and none moves when a topic grows or another one joins.
 *
 * @param partitions of the checkpoint topic
 */
export function checkpointPartition(owner: Owner, partitions: number): number {
  const name = owner.stage === 'count' ? owner.topic : 'merge'
  return (murmur2(utf8(name)) + owner.partition) % partitions
}
