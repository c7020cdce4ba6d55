import { checkArgument } from '../arguments/check-options.js'
import { checkPartitions } from '../arguments/check-partitions.js'
import { type Rule, wholeNumber } from '../arguments/rules.js'
import { mayNotUse } from '../client/explain-answer.js'
import { KafkaIoError } from '../errors.js'
import type { WireRequest } from '../protocol/request.js'
import type { ClusterConnection } from '../source/cluster-connection.js'
import type { TopicPartition } from '../topic-partition.js'
import {
  type CommittedOffset,
  commitOffsets,
  fetchOffsets,
  findGroupCoordinator,
  type GroupAnswer,
  groupErrors,
  heartbeat,
  type Membership,
} from './group-requests.js'

/**
 * What a group's coordinator says to a member in a generation.
 *
 * - `accepted`: it is a member in that generation, which is the newest.
 * - `rebalancing`: nothing is lost. The group is reassigning its partitions, and this member takes part; ask again
 *   when the next `generation` event has come, or after a moment.
 * - `stale`: that generation is over for this member. It was dropped, or has a newer generation already.
 */
export type GroupVerdict = 'accepted' | 'rebalancing' | 'stale'

/** How a commit of offsets went. */
export interface CommitOutcome {
  /** Only with `accepted` anything was committed. */
  readonly verdict: GroupVerdict
  /** With `accepted`: partitions whose offset was not taken, with Kafka's error code, 12 for example: metadata too large. */
  readonly refused: readonly (TopicPartition & { errorCode: number })[]
}

const { illegalGeneration, rebalanceInProgress, unknownMemberId, fencedInstanceId } = groupErrors

const generationNumber = wholeNumber(0, 2 ** 31 - 1)
const anyText: Rule = { expected: 'a text', accepts: (value) => typeof value === 'string' }

/** Elsewhere, or not ready: asked for again. */
const coordinatorMoves: ReadonlySet<number> = new Set([
  groupErrors.coordinatorLoadInProgress,
  groupErrors.coordinatorNotAvailable,
  groupErrors.notCoordinator,
])

/**
 * Asks a group's coordinator over the connection of a source. kafkajs's own connection of the group is of no use for
 * it: brokers answer one request of a connection after the other, and joining takes as long as the slowest member.
 */
export class GroupClient {
  readonly #connection: ClusterConnection
  readonly #group: string
  readonly #newest: () => Membership | null
  #coordinator: number | null = null

  /** @param newest as whom the source reads now; null before it has joined */
  constructor(connection: ClusterConnection, group: string, newest: () => Membership | null) {
    this.#connection = connection
    this.#group = group
    this.#newest = newest
  }

  /** @throws KafkaIoError bad-settings, broker-unreachable, not-authorized, request-failed, closed */
  async heartbeat(generation: number): Promise<GroupVerdict> {
    checkArgument('heartbeat', 'generation', generation, generationNumber)
    const member = this.#memberOf(generation)
    if (member === null) return 'stale'
    const { errorCode } = await this.#ask(() => heartbeat(member))
    return this.#verdict(member, errorCode)
  }

  /** @throws KafkaIoError bad-settings, broker-unreachable, not-authorized, request-failed, closed */
  async commit(offsets: readonly CommittedOffset[], generation: number): Promise<CommitOutcome> {
    checkArgument('commitOffsets', 'generation', generation, generationNumber)
    checkPartitions('commitOffsets', 'offsets', offsets, { offset: wholeNumber(0), metadata: anyText })
    const member = this.#memberOf(generation)
    if (member === null) return { verdict: 'stale', refused: [] }
    if (offsets.length === 0) return { verdict: 'accepted', refused: [] }
    const { errorCode, partitions } = await this.#ask(() => commitOffsets(member, offsets))
    const verdict = this.#verdict(member, errorCode)
    return { verdict, refused: errorCode === 0 ? partitions.filter((each) => each.errorCode !== 0) : [] }
  }

  /** @throws KafkaIoError bad-settings, broker-unreachable, not-authorized, request-failed, closed */
  async committed(partitions: readonly TopicPartition[] | null): Promise<CommittedOffset[]> {
    if (partitions !== null) checkPartitions('fetchCommitted', 'partitions', partitions, {})
    if (partitions?.length === 0) return []
    const answer = await this.#ask(() => fetchOffsets(this.#group, partitions))
    if (answer.errorCode !== 0) throw this.#failed('tell its offsets', answer.errorCode)
    const forbidden = answer.offsets.find((each) => each.errorCode === groupErrors.topicAuthorizationFailed)
    if (forbidden !== undefined) throw mayNotUse(forbidden.topic)
    return answer.offsets
      .filter((each) => each.errorCode === 0 && each.offset >= 0)
      .map(({ topic, partition, offset, metadata }) => ({ topic, partition, offset, metadata }))
  }

  #memberOf(generation: number): Membership | null {
    const member = this.#newest()
    return member?.generation === generation ? member : null
  }

  #verdict(member: Membership, errorCode: number): GroupVerdict {
    // A rebalance has come to its end while the answer was on its way.
    const isOver = this.#memberOf(member.generation)?.memberId !== member.memberId
    switch (errorCode) {
      case 0:
        return isOver ? 'stale' : 'accepted'
      case rebalanceInProgress:
      // The member is known, and the coordinator has a newer generation: it is in that, and about to be told what it gets.
      case illegalGeneration:
        return isOver ? 'stale' : 'rebalancing'
      case unknownMemberId:
      case fencedInstanceId:
        return 'stale'
    }
    throw this.#failed('take this member', errorCode)
  }

  /** Asks until the coordinator answers, wherever it moves. */
  #ask<T extends GroupAnswer>(request: () => WireRequest<T>): Promise<T> {
    return this.#connection.retrying(async () => {
      try {
        this.#coordinator ??= await this.#findCoordinator()
        const nodeId = this.#coordinator
        const broker = await this.#connection.cluster.findBroker({ nodeId })
        const answer = (await broker.connectionPool.send(request())) as T
        if (coordinatorMoves.has(answer.errorCode)) throw this.#unavailable(answer.errorCode)
        return answer
      } catch (error) {
        this.#coordinator = null
        throw error
      }
    })
  }

  async #findCoordinator(): Promise<number> {
    const broker = await this.#connection.cluster.brokerPool.findConnectedBroker()
    const request = findGroupCoordinator(this.#group)
    const answer = (await broker.connectionPool.send(request)) as GroupAnswer & { nodeId: number }
    if (coordinatorMoves.has(answer.errorCode)) throw this.#unavailable(answer.errorCode)
    if (answer.errorCode !== 0) throw this.#failed('be found', answer.errorCode)
    return answer.nodeId
  }

  #unavailable(errorCode: number): KafkaIoError {
    return new KafkaIoError(
      'broker-unreachable',
      `No broker coordinates the group ${this.#group} (error ${errorCode}): the cluster is starting, or cannot make the ` +
        'topic __consumer_offsets because it has fewer brokers than offsets.topic.replication.factor',
    )
  }

  #failed(doing: string, errorCode: number): KafkaIoError {
    if (errorCode === groupErrors.groupAuthorizationFailed) return mayNotUseGroup(this.#group)
    return new KafkaIoError(
      'request-failed',
      `The coordinator of the group ${this.#group} could not ${doing}: the broker answered with error ${errorCode}`,
    )
  }
}

export function mayNotUseGroup(group: string, cause?: unknown): KafkaIoError {
  return new KafkaIoError(
    'not-authorized',
    `The login may not use the group ${group}: grant it READ on the group, or use another login or group`,
    { cause },
  )
}
