import { isConnectionError } from '../client/error-chain.js'
import type { KafkaClient } from '../client/kafka-client.js'
import { deleteRecordsRequest, type RecordsToDelete } from '../protocol/delete-records.js'
import type { Connections } from './connections.js'

/** What became of deleting the records before an offset in one partition. */
export interface DeletionOutcome {
  readonly partition: number
  /**
   * - `deleted`: they are deleted now, or were before.
   * - `later`: the leader has moved, is unavailable or was too slow; ask again later.
   * - `not-authorized`: the login lacks DELETE on the topic.
   * - `out-of-range`: the offset is beyond the partition's end.
   * - `unknown`: there is no such topic or partition.
   * - `refused`: permanently, for example because a topic that is only compacted does not allow it.
   */
  readonly outcome: 'deleted' | 'later' | 'not-authorized' | 'out-of-range' | 'unknown' | 'refused'
  /** The first offset that still exists; null unless `deleted`. */
  readonly first: number | null
  /** Kafka's; null where no broker answered. */
  readonly errorCode: number | null
}

/** For the replicas to follow, ms: less than a connection waits for an answer. */
const timeout = 5000

const outcomes = new Map<number, DeletionOutcome['outcome']>([
  [0, 'deleted'],
  [1, 'out-of-range'],
  [3, 'unknown'],
  [5, 'later'],
  [6, 'later'],
  [7, 'later'],
  [9, 'later'],
  [19, 'later'],
  [29, 'not-authorized'],
  [56, 'later'],
])

/** One request to each leader and no retry: callers that purge regularly ask again anyway. */
export async function deleteRecords(
  client: KafkaClient,
  connections: Connections,
  topic: string,
  partitions: readonly RecordsToDelete[],
): Promise<DeletionOutcome[]> {
  const byLeader = new Map<number | null, RecordsToDelete[]>()
  for (const each of partitions) {
    const leader = await connections.leaderOf(topic, each.partition).catch(() => null)
    byLeader.set(leader, [...(byLeader.get(leader) ?? []), each])
  }
  const answered = await Promise.all(
    [...byLeader].map(([leader, led]) =>
      leader === null ? leaderless(connections, topic, led) : ask(client, connections, leader, topic, led),
    ),
  )
  const found = answered.flat()
  if (found.some(({ outcome }) => outcome === 'later')) void connections.refresh().catch(() => {})
  return found
}

async function ask(
  client: KafkaClient,
  connections: Connections,
  leader: number,
  topic: string,
  led: readonly RecordsToDelete[],
): Promise<DeletionOutcome[]> {
  try {
    const answers = await connections.send(leader, deleteRecordsRequest(topic, led, timeout))
    return answers.map(({ partition, errorCode, first }) => {
      const outcome = outcomes.get(errorCode) ?? 'refused'
      return { partition, outcome, first: outcome === 'deleted' ? first : null, errorCode }
    })
  } catch (error) {
    if (!isConnectionError(error)) throw client.explain(error)
    return led.map(({ partition }) => ({ partition, outcome: 'later', first: null, errorCode: null }))
  }
}

async function leaderless(
  connections: Connections,
  topic: string,
  led: readonly RecordsToDelete[],
): Promise<DeletionOutcome[]> {
  // Where no broker answers, nothing is known of the topic either.
  const count = await connections.partitionsOf(topic).catch(() => Number.POSITIVE_INFINITY)
  return led.map(({ partition }) => {
    const outcome = partition < count ? 'later' : 'unknown'
    return { partition, outcome, first: null, errorCode: null }
  })
}
