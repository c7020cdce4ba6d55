import { setTimeout as pause } from 'node:timers/promises'
import type { Consumer } from 'kafkajs'
import { answerType } from '../client/error-chain.js'
import { type KafkaClient, patientRetries } from '../client/kafka-client.js'
import { PartitionAssigners } from '../client/kafkajs.js'
import { KafkaIoError, type KafkaIoErrorCode } from '../errors.js'
import { keyOfPartition, type TopicPartition } from '../topic-partition.js'
import { mayNotUseGroup } from './group-client.js'
import type { Membership } from './group-requests.js'
import { stickyAssigner } from './sticky-assigner.js'
import type { Claim } from './sticky-assignment.js'
import { watchJoins } from './watch-joins.js'

/** What the group has given a member. */
export interface GroupAssignment {
  readonly member: Membership
  readonly partitions: readonly TopicPartition[]
  /** The member had been dropped meanwhile: others may have read what it had. */
  readonly lost: boolean
}

export interface MembershipOptions {
  client: KafkaClient
  group: string
  /** Of static membership; null: a dynamic member. */
  instanceId: string | null
  /** ms */
  sessionTimeout: number
  /** ms */
  metadataInterval: number
  /** How many partitions topics have that this member does not subscribe to. */
  partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** Called whenever the group has shared its partitions out, in each generation once. */
  onAssignment(assignment: GroupAssignment): void
  onFailure(error: unknown): void
}

/** How long the brokers are told of a leaving member, ms; those that are away would be told for ever. */
const leavingTime = 5000

/**
 * Membership in a consumer group, and nothing else: the consumer of kafkajs joins, heartbeats and rejoins, with
 * every partition paused, so it never fetches. Fetching and work go their own ways; a slow batch, a batch that
 * kafkajs cannot read or an error in the reader's code cannot cost the membership or crash the consumer.
 */
export class GroupMembership {
  readonly #options: MembershipOptions
  #consumer: Consumer | null = null
  #memberId: string | null = null
  /** Of the newest JoinGroup answer. */
  #generation = -1
  /** What it holds, for the assigner: since which generation. */
  #claims: readonly Claim[] = []
  #resubscribing = false
  /** Until the consumer is a member, or has failed to become one. */
  #joining: Promise<void> = Promise.resolve()

  constructor(options: MembershipOptions) {
    this.#options = options
  }

  /** Joins with a subscription to these topics; a member leaves first and joins again. */
  async join(topics: readonly string[]): Promise<void> {
    this.#resubscribing = true
    await this.leave()
    this.#resubscribing = false
    const consumer = this.#newConsumer()
    this.#consumer = consumer
    const { GROUP_JOIN, CRASH } = consumer.events
    // Emitted before the first fetch of every generation, also after kafkajs has restarted the consumer.
    consumer.on(GROUP_JOIN, ({ payload }) => {
      if (this.#consumer !== consumer) return
      consumer.pause(topics.map((topic) => ({ topic })))
      const partitions = Object.entries(payload.memberAssignment).flatMap(([topic, numbers]) =>
        numbers.map((partition) => ({ topic, partition })),
      )
      this.#take(payload.memberId, partitions)
    })
    // kafkajs restarts after errors it deems passing, and is silently idle after all others.
    consumer.on(CRASH, ({ payload: { error, restart } }) => {
      if (!restart && this.#consumer === consumer) this.#options.onFailure(groupError(error, this.#options))
    })
    await this.#options.client.untilReached(() => consumer.connect())
    await consumer.subscribe({ topics: [...topics], fromBeginning: true })
    if (this.#consumer !== consumer) return consumer.disconnect()
    this.#joining = new Promise((resolve) => {
      // kafkajs tells of it a moment before it takes itself for a member.
      consumer.on(GROUP_JOIN, () => void setImmediate(resolve))
      consumer.on(CRASH, () => resolve())
    })
    // Not awaited: joining takes as long as the other members take to notice.
    consumer
      .run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: async () => {} })
      .catch((error) => this.#options.onFailure(error))
  }

  /**
   * Leaves the group, so that others take over at once; where no broker answers, or joining is not over within
   * `leavingTime`, they do after the session. A static member stays in the group until its session ends.
   */
  async leave(): Promise<void> {
    const consumer = this.#consumer
    if (consumer === null) return
    this.#consumer = null
    const told = new AbortController()
    const over = pause(leavingTime, undefined, { signal: told.signal }).catch(() => {})
    // kafkajs leaves no group that it is still joining: its broker would wait for that member for a whole session.
    await Promise.race([this.#joining, over])
    await Promise.race([consumer.disconnect().catch(() => {}), over])
    told.abort()
  }

  #newConsumer(): Consumer {
    const { client, group, instanceId, sessionTimeout, metadataInterval, partitionCounts } = this.#options
    const kafka = client.kafka()
    watchJoins(kafka, {
      instanceId,
      mayLeave: () => instanceId === null || this.#resubscribing,
      onJoined: (generation) => {
        this.#generation = generation
      },
    })
    const consumer: Consumer = kafka.consumer({
      groupId: group,
      // Round-robin for members of releases that know nothing else: the group uses what all of its members offer.
      partitionAssigners: [
        stickyAssigner({ claims: () => this.#claims, partitionCounts }),
        PartitionAssigners.roundRobin,
      ],
      sessionTimeout,
      rebalanceTimeout: Math.max(sessionTimeout, 10_000),
      // Often enough that a rebalance is heard of within a second.
      heartbeatInterval: Math.min(1000, Math.floor(sessionTimeout / 5)),
      metadataMaxAge: metadataInterval,
      // The pause between two looks at the heartbeat while nothing is fetched.
      maxWaitTimeInMs: Math.min(500, Math.floor(sessionTimeout / 5)),
      allowAutoTopicCreation: false,
      // One that has been told to leave must not come back.
      retry: { ...patientRetries, restartOnFailure: async () => this.#consumer === consumer },
    })
    return consumer
  }

  #take(memberId: string, partitions: readonly TopicPartition[]): void {
    const { group, instanceId, onAssignment } = this.#options
    const lost = this.#memberId !== null && this.#memberId !== memberId
    const generation = this.#generation
    const held = new Map(lost ? [] : this.#claims.map((claim) => [keyOfPartition(claim), claim]))
    this.#claims = partitions.map((each) => held.get(keyOfPartition(each)) ?? { ...each, generation })
    this.#memberId = memberId
    onAssignment({ member: { group, generation, memberId, instanceId }, partitions, lost })
  }
}

function groupError(error: Error, { group, instanceId, sessionTimeout }: MembershipOptions): unknown {
  const refused = (code: KafkaIoErrorCode, message: string) =>
    new KafkaIoError(code, message, { cause: error })
  switch (answerType(error)) {
    case 'INVALID_SESSION_TIMEOUT':
      return refused(
        'bad-settings',
        `The group ${group} was asked for a session timeout of ${sessionTimeout} ms, which the broker does not allow: ` +
          "raise the broker's group.max.session.timeout.ms (or lower its group.min.session.timeout.ms), or ask for " +
          'another sessionTimeout',
      )
    case 'INCONSISTENT_GROUP_PROTOCOL':
      return refused(
        'bad-settings',
        `The group ${group} is in use by members that share partitions out differently: name another group`,
      )
    case 'FENCED_INSTANCE_ID':
      return refused(
        'fenced',
        `Another process has joined the group ${group} as the instance ${instanceId}: give each process an instance id of ` +
          'its own',
      )
    case 'GROUP_AUTHORIZATION_FAILED':
      return mayNotUseGroup(group, error)
  }
  return error
}
