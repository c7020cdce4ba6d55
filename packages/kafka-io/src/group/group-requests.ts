import { flexibleRequest, type WireRequest } from '../protocol/request.js'
import type { WireReader } from '../protocol/wire-reader.js'
import type { WireWriter } from '../protocol/wire-writer.js'
import type { TopicPartition } from '../topic-partition.js'

// The layouts are those of kafka.apache.org/protocol; error codes are returned, never thrown.

/** A member of a group in one of the group's generations. */
export interface Membership {
  readonly group: string
  readonly generation: number
  readonly memberId: string
  /** Of static membership (KIP-345); null without. */
  readonly instanceId: string | null
}

/** The position of a group in a partition. */
export interface CommittedOffset extends TopicPartition {
  /** The next offset to read. */
  readonly offset: number
  /** A note of the committer's, at most the broker's `offset.metadata.max.bytes` (4,096); empty: none. */
  readonly metadata: string
}

/** Kafka's error codes that a member of a group meets (kafka.apache.org/protocol#protocol_error_codes). */
export const groupErrors = {
  coordinatorLoadInProgress: 14,
  coordinatorNotAvailable: 15,
  notCoordinator: 16,
  illegalGeneration: 22,
  unknownMemberId: 25,
  rebalanceInProgress: 27,
  topicAuthorizationFailed: 29,
  groupAuthorizationFailed: 30,
  fencedInstanceId: 82,
} as const

/** Of these the coordinator gives one and the same to every partition of a commit. */
const ofWholeGroup: ReadonlySet<number> = new Set(
  Object.values(groupErrors).filter((code) => code !== groupErrors.topicAuthorizationFailed),
)

export interface GroupAnswer {
  readonly errorCode: number
}

interface CommitAnswer extends GroupAnswer {
  readonly partitions: readonly (TopicPartition & GroupAnswer)[]
}

/** The node that coordinates a group. */
export function findGroupCoordinator(group: string): WireRequest<GroupAnswer & { nodeId: number }> {
  const groups = 0
  return flexibleRequest(
    { name: 'FindCoordinator', key: 10, version: 3 },
    (body) => body.compactString(group).int8(groups).noTaggedFields(),
    (body) => {
      body.int32()
      const errorCode = body.int16()
      body.compactString()
      return { errorCode, nodeId: body.int32() }
    },
  )
}

export function heartbeat(member: Membership): WireRequest<GroupAnswer> {
  return flexibleRequest(
    { name: 'Heartbeat', key: 12, version: 4 },
    (body) => writeMember(body, member).noTaggedFields(),
    (body) => {
      body.int32()
      return { errorCode: body.int16() }
    },
  )
}

/** What the coordinator says of the member is the answer's error; of single partitions, theirs. */
export function commitOffsets(
  member: Membership,
  offsets: readonly CommittedOffset[],
): WireRequest<CommitAnswer> {
  const anyLeaderEpoch = -1
  return flexibleRequest(
    { name: 'OffsetCommit', key: 8, version: 8 },
    (body) => {
      writeMember(body, member)
      writeByTopic(body, offsets, ({ partition, offset, metadata }) => {
        body.int32(partition).int64(BigInt(offset)).int32(anyLeaderEpoch).compactString(metadata)
        body.noTaggedFields()
      })
      body.noTaggedFields()
    },
    (body) => {
      body.int32()
      const partitions = readByTopic(body, (topic) => {
        const answer = { topic, partition: body.int32(), errorCode: body.int16() }
        body.taggedFields()
        return answer
      })
      const errorCode = partitions.find((each) => ofWholeGroup.has(each.errorCode))?.errorCode ?? 0
      return { errorCode, partitions }
    },
  )
}

/** @param partitions null: all that the group has ever committed, and the broker still knows */
export function fetchOffsets(
  group: string,
  partitions: readonly TopicPartition[] | null,
): WireRequest<GroupAnswer & { offsets: (CommittedOffset & GroupAnswer)[] }> {
  return flexibleRequest(
    { name: 'OffsetFetch', key: 9, version: 7 },
    (body) => {
      body.compactString(group)
      if (partitions === null) body.unsignedVarint(0)
      else writeByTopic(body, partitions, ({ partition }) => body.int32(partition))
      const requireStable = false
      body.boolean(requireStable).noTaggedFields()
    },
    (body) => {
      body.int32()
      const offsets = readByTopic(body, (topic) => {
        const partition = body.int32()
        const offset = Number(body.int64())
        body.int32()
        const metadata = body.compactString() ?? ''
        const answer = { topic, partition, offset, metadata, errorCode: body.int16() }
        body.taggedFields()
        return answer
      })
      return { errorCode: body.int16(), offsets }
    },
  )
}

function writeMember(body: WireWriter, { group, generation, memberId, instanceId }: Membership): WireWriter {
  return body.compactString(group).int32(generation).compactString(memberId).compactString(instanceId)
}

function writeByTopic<T extends TopicPartition>(
  body: WireWriter,
  all: readonly T[],
  write: (each: T) => void,
): void {
  body.compactArray([...new Set(all.map(({ topic }) => topic))], (topic) => {
    body.compactString(topic).compactArray(
      all.filter((each) => each.topic === topic),
      write,
    )
    body.noTaggedFields()
  })
}

function readByTopic<T>(body: WireReader, read: (topic: string) => T): T[] {
  return body
    .compactArray(() => {
      const topic = body.compactString() ?? ''
      const found = body.compactArray(() => read(topic))
      body.taggedFields()
      return found
    })
    .flat()
}
