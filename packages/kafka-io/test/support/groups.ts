import { randomUUID } from 'node:crypto'
import type { KafkaClient, SourceOptions } from '../../src/index.js'
import { newTopic } from './kafka.js'
import { Member } from './members.js'

/** What a rebalance on a busy machine may take. */
export const patience = { timeout: 20_000 }

/** A group of its own that reads a topic of its own. */
export async function newGroup(client: KafkaClient, partitions: number, more: Partial<SourceOptions> = {}) {
  const topic = await newTopic(client, { partitions })
  const options: SourceOptions = { topics: [topic], group: `g-${randomUUID()}`, from: 'earliest', ...more }
  return {
    topic,
    group: options.group!,
    join: (others: Partial<SourceOptions> = {}) => Member.join(client, { ...options, ...others }),
  }
}
