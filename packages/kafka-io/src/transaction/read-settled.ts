import type { KafkaClient } from '../client/kafka-client.js'
import { askLeader, noLeader, offsetOutOfRange } from './ask-leader.js'
import type { Connections } from './connections.js'
import { listOffset } from './requests.js'
import { type SettledRecord, SettledRecords } from './settled-records.js'

/** What is read back of a partition. */
export interface SettledOptions {
  readonly topic: string
  readonly partition: number
  /** Whether a key is wanted; it gets a view that is valid during the call. Default: every key. */
  readonly wants?: (key: Uint8Array) => boolean
  /** Told how far the reading is after each answer: the next offset, and the end. */
  readonly onProgress?: (offset: number, end: number) => void
  /** Aborts the reading. */
  readonly signal?: AbortSignal
}

/** Bytes of one response: what is held in memory besides the wanted records. */
const fetchBytes = 4 * 1024 * 1024

/**
 * Reads a partition from its beginning to its current end and passes on the committed records of some keys in the order
 * of the log.
 *
 * @throws KafkaIoError unknown-topic, not-authorized, broker-unreachable (after the client's `unreachableTimeout`
 *   without an answer), corrupt-batch, batch-too-large, codec-missing, request-failed, closed (`signal`)
 */
export async function readSettled(
  client: KafkaClient,
  connections: Connections,
  { topic, partition, wants = () => true, onProgress, signal }: SettledOptions,
  take: (record: SettledRecord) => void,
): Promise<void> {
  const asking = { client, connections, topic, partition, signal }
  const records = new SettledRecords(wants, take)
  const offsetOf = async (which: 'first' | 'end') =>
    (await askLeader(asking, (leader) => connections.send(leader, listOffset(topic, partition, which))))
      .offset
  const end = await offsetOf('end')
  let position = await offsetOf('first')
  while (position < end) {
    const { errorCode, response } = await askLeader(asking, async () => {
      const response = await connections.fetch(topic, partition, position, fetchBytes)
      return { errorCode: response?.partitions[0]?.errorCode ?? noLeader, response: response! }
    })
    if (errorCode === offsetOutOfRange) {
      // Retention has deleted these offsets: continue at the first one that still exists.
      position = Math.max(position + 1, await offsetOf('first'))
      continue
    }
    const { bytes, view, partitions } = response
    const fetched = partitions[0]!
    // Compaction has removed all records up to the end.
    if (fetched.start === fetched.end) return
    position = records.add(bytes, view, fetched.start, fetched.end, position, end)
    onProgress?.(position, end)
  }
}
