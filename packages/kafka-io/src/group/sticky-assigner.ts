import type { PartitionAssigner } from 'kafkajs'
import { AssignerProtocol } from '../client/kafkajs.js'
import { decodeClaims, encodeClaims } from './member-claims.js'
import { assignSticky, type Claim, type StickyMember } from './sticky-assignment.js'

export interface StickyAssignerOptions {
  /** What this member holds now; asked each time it joins. */
  claims(): readonly Claim[]
  /** How many partitions topics have that this member does not subscribe to, but others do; absent for what does not exist. */
  partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>>
}

type Metadata = Pick<StickyMember, 'topics' | 'claims'>

const { MemberMetadata, MemberAssignment } = AssignerProtocol

/** `assignSticky` in the form that kafkajs takes: the group's leader runs it, from what every member has sent. */
export function stickyAssigner({ claims, partitionCounts }: StickyAssignerOptions): PartitionAssigner {
  const name = 'card-sticky'
  const version = 0
  return ({ cluster }) => ({
    name,
    version,
    protocol: ({ topics }) => ({
      name,
      metadata: MemberMetadata.encode({ version, topics, userData: encodeClaims(claims()) }),
    }),
    async assign({ members }) {
      const described = members.map(({ memberId, memberMetadata }) => ({
        memberId,
        ...readMetadata(memberMetadata),
      }))
      const counts = new Map<string, number>()
      for (const topic of new Set(described.flatMap(({ topics }) => topics))) {
        counts.set(topic, cluster.findTopicPartitionMetadata(topic).length)
      }
      const foreign = [...counts.keys()].filter((topic) => counts.get(topic) === 0)
      if (foreign.length > 0) {
        for (const [topic, count] of await partitionCounts(foreign)) counts.set(topic, count)
      }
      return [...assignSticky(counts, described)].map(([memberId, partitions]) => {
        const assignment: Record<string, number[]> = {}
        for (const { topic, partition } of partitions) {
          assignment[topic] ??= []
          assignment[topic].push(partition)
        }
        return {
          memberId,
          memberAssignment: MemberAssignment.encode({ version, assignment, userData: none }),
        }
      })
    },
  })
}

const none = Buffer.alloc(0)

/** A member that cannot be understood subscribes to nothing: the others still share everything out. */
function readMetadata(bytes: Buffer): Metadata {
  try {
    const found = MemberMetadata.decode(bytes)
    return { topics: found?.topics ?? [], claims: decodeClaims(found?.userData ?? none) }
  } catch {
    return { topics: [], claims: [] }
  }
}
