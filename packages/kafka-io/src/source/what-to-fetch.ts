import type { FetchRequest } from '../protocol/fetch.js'
import type { PartitionReader } from './partition-reader.js'

/**
 * The readers that may fetch now.
 *
 * @param all of every broker, whose buffers share `bufferBytes`
 */
export function readersWithRoom(
  readers: readonly PartitionReader[],
  all: Iterable<PartitionReader>,
  { fetchBytes, bufferBytes }: { fetchBytes: number; bufferBytes: number },
): PartitionReader[] {
  let buffered = 0
  for (const reader of all) buffered += reader.bufferedBytes
  return readers.filter(
    (reader) =>
      !reader.paused &&
      !reader.fetched &&
      // One answer is read while another waits and a third is on its way.
      reader.bufferedBytes < 2 * fetchBytes &&
      // With nothing buffered a partition may always fetch: a full buffer of others must not starve it.
      (buffered < bufferBytes || reader.bufferedBytes === 0),
  )
}

/** What a fetch asks for of these readers. */
export function fetchTopics(readers: readonly PartitionReader[], fetchBytes: number): FetchRequest['topics'] {
  const topics = new Map<string, FetchRequest['topics'][number]>()
  for (const { topic, topicId, partition, fetchPosition } of readers) {
    const known = topics.get(topic)
    const entry = known ?? { topic, topicId, partitions: [] }
    if (known === undefined) topics.set(topic, entry)
    entry.partitions.push({ partition, fetchOffset: fetchPosition, maxBytes: fetchBytes })
  }
  return [...topics.values()]
}
