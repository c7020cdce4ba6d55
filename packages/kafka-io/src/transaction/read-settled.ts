import { isConnectionError } from '../client/error-chain.js'
import { unknownTopic } from '../client/explain-answer.js'
import type { KafkaClient } from '../client/kafka-client.js'
import { KafkaIoError } from '../errors.js'
import { errorOf, verdictOf } from './answers.js'
import type { Connections } from './connections.js'
import { newTopicPatience, Patience } from './patience.js'
import { listOffset } from './requests.js'
import { type SettledRecord, SettledRecords } from './settled-records.js'

/** What is read back of a partition. */
export interface SettledOptions {
  readonly topic: string
  readonly partition: number
  /** Whether a key is looked for; it gets a view, valid during the call. Default: every key. */
  readonly wants?: (key: Uint8Array) => boolean
  /** Told how far the reading is after each answer: the next offset, and the end. */
  readonly onProgress?: (offset: number, end: number) => void
  /** Calls the reading off. */
  readonly signal?: AbortSignal
}

/** Bytes of one answer: what is held in memory beside the records looked for. */
const fetchBytes = 4 * 1024 * 1024
/** Kafka's error code for an offset that a partition does not have. */
const offsetOutOfRange = 1
const noLeader = 5

/**
 * Reads a partition from its beginning to the end that it has now, and gives out the committed records of some keys in
 * the order of the log.
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
    (await untilAnswered(asking, (leader) => connections.send(leader, listOffset(topic, partition, which))))
      .offset
  const end = await offsetOf('end')
  let position = await offsetOf('first')
  while (position < end) {
    const { errorCode, response } = await untilAnswered(asking, async () => {
      const response = await connections.fetch(topic, partition, position, fetchBytes)
      return { errorCode: response?.partitions[0]?.errorCode ?? noLeader, response: response! }
    })
    if (errorCode === offsetOutOfRange) {
      // Retention has passed by: the next record that anyone can read is the first one there is.
      position = Math.max(position + 1, await offsetOf('first'))
      continue
    }
    const { bytes, view, partitions } = response
    const fetched = partitions[0]!
    // Offsets up to the end that no batch covers any more: compaction has taken them.
    if (fetched.start === fetched.end) return
    position = records.add(bytes, view, fetched.start, fetched.end, position, end)
    onProgress?.(position, end)
  }
}

interface Asking {
  readonly client: KafkaClient
  readonly connections: Connections
  readonly topic: string
  readonly partition: number
  readonly signal: AbortSignal | undefined
}

/** Asks the leader of the partition until it answers; that an offset is out of range is an answer. */
async function untilAnswered<T extends { errorCode: number }>(
  { client, connections, topic, partition, signal }: Asking,
  ask: (leader: number) => Promise<T>,
): Promise<T> {
  const patience = new Patience(client.unreachableTimeout, signal)
  const forTopic = new Patience(newTopicPatience, signal)
  for (;;) {
    let failure: KafkaIoError
    try {
      const leader = await connections.leaderOf(topic, partition)
      if (leader === null) {
        if ((await connections.partitionsOf(topic)) === 0 && !(await forTopic.wait(50, 500)))
          throw unknownTopic(topic)
        failure = errorOf(noLeader, '', `read ${topic}/${partition}`, null)
      } else {
        const answer = await ask(leader)
        if (answer.errorCode === 0 || answer.errorCode === offsetOutOfRange) return answer
        failure = errorOf(answer.errorCode, '', `read ${topic}/${partition}`, null)
        if (verdictOf(answer.errorCode) === 'failed') throw failure
      }
      if (!(await patience.wait(50, 1000))) throw failure
      await connections.refresh()
    } catch (error) {
      if (error instanceof KafkaIoError || !isConnectionError(error)) throw client.explain(error)
      if (!(await patience.wait(50, 1000))) throw client.unreachable(error)
    }
  }
}
