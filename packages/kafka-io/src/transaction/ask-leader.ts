import { isConnectionError } from '../client/error-chain.js'
import { unknownTopic } from '../client/explain-answer.js'
import type { KafkaClient } from '../client/kafka-client.js'
import { KafkaIoError } from '../errors.js'
import { errorOf, verdictOf } from './answers.js'
import type { Connections } from './connections.js'
import { newTopicPatience, Patience } from './patience.js'

/** Kafka's error code for an offset that a partition does not have. */
export const offsetOutOfRange = 1
export const noLeader = 5

/** A partition, and how its leader is asked. */
export interface Asking {
  readonly client: KafkaClient
  readonly connections: Connections
  readonly topic: string
  readonly partition: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Asks the leader of a partition until it answers; that an offset is out of range is an answer.
 *
 * @throws KafkaIoError unknown-topic, not-authorized, broker-unreachable (after the client's `unreachableTimeout`
 *   without an answer), request-failed, closed (`signal`)
 */
export async function askLeader<T extends { errorCode: number }>(
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
