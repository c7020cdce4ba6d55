import { type Owner, ownerName } from '@card/counting'
import type { TopicPartition } from '@card/kafka-io'

/** Which owner a partition is of, and the other way round. */
export class OwnerPartitions {
  readonly #partialsTopic: string
  readonly #known = new Map<string, { readonly owner: Owner; readonly partition: TopicPartition }>()

  /** @param partialsTopic whose partitions are those of mergers; all others are counted */
  constructor(partialsTopic: string) {
    this.#partialsTopic = partialsTopic
  }

  /** The name of a partition's owner. */
  nameOf({ topic, partition }: TopicPartition): string {
    const isMerged = topic === this.#partialsTopic
    const owner: Owner = isMerged ? { stage: 'merge', partition } : { stage: 'count', topic, partition }
    const name = ownerName(owner)
    if (!this.#known.has(name)) this.#known.set(name, { owner, partition: { topic, partition } })
    return name
  }

  /** What an owner of this name owns. @throws Error where no partition of it was met */
  ofName(name: string): { readonly owner: Owner; readonly partition: TopicPartition } {
    const known = this.#known.get(name)
    if (known === undefined) throw new Error(`Expected the name of an owner that was met, found ${name}`)
    return known
  }

  /** Whether a partition is one of the partials log. */
  isMerged({ topic }: TopicPartition): boolean {
    return topic === this.#partialsTopic
  }
}
