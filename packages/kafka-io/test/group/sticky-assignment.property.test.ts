import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assignSticky, type Claim, type StickyMember } from '../../src/group/sticky-assignment.js'
import { keyOfPartition, type TopicPartition } from '../../src/topic-partition.js'

type Assignment = Map<string, TopicPartition[]>

/** What happens to a group between two of its generations. */
type Change =
  | { kind: 'join'; id: number }
  | { kind: 'leave'; which: number }
  | { kind: 'restart'; which: number }
  | { kind: 'grow'; topic: string; by: number }

const topics = ['clicks', 'likes', 'partials']
const counts = fc
  .tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 16 }))
  .map((each) => new Map(topics.map((topic, i) => [topic, each[i]!])))
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant('join' as const), id: fc.nat(1_000_000) }),
  fc.record({ kind: fc.constant('leave' as const), which: fc.nat(100) }),
  fc.record({ kind: fc.constant('restart' as const), which: fc.nat(100) }),
  fc.record({
    kind: fc.constant('grow' as const),
    topic: fc.constantFrom(...topics),
    by: fc.integer({ min: 1, max: 3 }),
  }),
)
const claim: fc.Arbitrary<Claim> = fc.record({
  topic: fc.constantFrom(...topics, 'gone'),
  partition: fc.integer({ min: 0, max: 12 }),
  generation: fc.integer({ min: 0, max: 5 }),
})
const subscriptions = (all: fc.Arbitrary<string[]>) =>
  fc.uniqueArray(
    fc.record({
      memberId: fc.string({ minLength: 1, maxLength: 3 }),
      topics: all,
      claims: fc.array(claim, { maxLength: 12 }),
    }),
    { selector: ({ memberId }) => memberId, minLength: 1, maxLength: 7 },
  )
const anyMembers = subscriptions(fc.subarray([...topics, 'unknown']))
const equalMembers = subscriptions(fc.constant(topics))

const sizes = (assignment: Assignment, topic?: string) =>
  [...assignment.values()].map(
    (partitions) => partitions.filter((each) => topic === undefined || each.topic === topic).length,
  )
const spread = (numbers: number[]) => Math.max(...numbers) - Math.min(...numbers)
const owners = (assignment: Assignment) =>
  new Map(
    [...assignment].flatMap(([memberId, partitions]) =>
      partitions.map((each): [string, string] => [keyOfPartition(each), memberId]),
    ),
  )

/** A group that goes through generations, each member with its claims. */
class Group {
  members = new Map<string, Claim[]>([['m0', []]])
  generation = 0
  #names = 0

  constructor(readonly counts: Map<string, number>) {}

  change(change: Change): void {
    const ids = [...this.members.keys()]
    switch (change.kind) {
      case 'join':
        // Names are drawn by the broker: they are in no order.
        this.members.set(`${change.id}-${this.#names++}`, [])
        break
      case 'leave':
        if (ids.length > 1) this.members.delete(ids[change.which % ids.length]!)
        break
      case 'restart':
        this.members.delete(ids[change.which % ids.length]!)
        this.members.set(`r-${this.#names++}`, [])
        break
      case 'grow':
        this.counts.set(change.topic, this.counts.get(change.topic)! + change.by)
    }
  }

  assign(): Assignment {
    const generation = ++this.generation
    const assignment = assignSticky(this.counts, this.described())
    for (const [memberId, partitions] of assignment) {
      const held = new Map(this.members.get(memberId)!.map((each) => [keyOfPartition(each), each]))
      this.members.set(
        memberId,
        partitions.map((each) => held.get(keyOfPartition(each)) ?? { ...each, generation }),
      )
    }
    return assignment
  }

  described(): StickyMember[] {
    return [...this.members].map(([memberId, claims]) => ({ memberId, topics, claims }))
  }
}

describe('whatever the members claim and subscribe to,', () => {
  test('every partition goes to exactly one of its subscribers', () => {
    fc.assert(
      fc.property(counts, anyMembers, (counts, members) => {
        const assignment = assignSticky(counts, members)
        const assigned = [...assignment.values()].flat().map(keyOfPartition)
        const expected = topics
          .filter((topic) => members.some((member) => member.topics.includes(topic)))
          .flatMap((topic) => Array.from({ length: counts.get(topic)! }, (_, i) => `${topic}/${i}`))
        expect(assigned.sort()).toEqual(expected.sort())
        for (const { memberId, topics } of members) {
          for (const { topic } of assignment.get(memberId)!) expect(topics).toContain(topic)
        }
      }),
    )
  })

  test('nobody has two more than another who could take one of them', () => {
    fc.assert(
      fc.property(counts, anyMembers, (counts, members) => {
        const assignment = assignSticky(counts, members)
        for (const { memberId, topics } of members) {
          const held = assignment.get(memberId)!.length
          for (const other of assignment.values()) {
            if (other.length < held + 2) continue
            expect(other.filter(({ topic }) => topics.includes(topic))).toEqual([])
          }
        }
      }),
    )
  })

  test('equal subscriptions give everybody the same number, within one', () => {
    fc.assert(
      fc.property(counts, equalMembers, (counts, members) => {
        expect(spread(sizes(assignSticky(counts, members)))).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('the order of members, topics and claims changes nothing', () => {
    fc.assert(
      fc.property(counts, anyMembers, fc.infiniteStream(fc.nat()), (counts, members, random) => {
        const shuffled = <T>(all: readonly T[]): T[] =>
          all
            .map((each) => ({ each, at: random.next().value as number }))
            .sort((a, b) => a.at - b.at)
            .map(({ each }) => each)
        const others = shuffled(members).map((member) => ({
          ...member,
          topics: shuffled(member.topics),
          claims: shuffled(member.claims),
        }))
        const assignment = assignSticky(counts, members)
        const other = assignSticky(new Map(shuffled([...counts])), others)
        for (const { memberId } of members) expect(other.get(memberId)).toEqual(assignment.get(memberId))
      }),
    )
  })
})

describe('from one generation to the next, with equal subscriptions,', () => {
  const histories = fc.array(fc.array(change, { minLength: 1, maxLength: 3 }), { maxLength: 12 })

  test('nothing moves between members that stay', () => {
    fc.assert(
      fc.property(counts, histories, (counts, history) => {
        const group = new Group(new Map(counts))
        let before = owners(group.assign())
        for (const changes of history) {
          for (const each of changes) group.change(each)
          const stayed = new Set(group.members.keys())
          const newcomers = new Set([...stayed].filter((id) => group.members.get(id)!.length === 0))
          const assignment = group.assign()
          expect(spread(sizes(assignment))).toBeLessThanOrEqual(1)
          for (const [partition, owner] of owners(assignment)) {
            const last = before.get(partition)
            const moved = last !== undefined && last !== owner && stayed.has(last)
            if (moved) expect(newcomers).toContain(owner)
          }
          before = owners(assignment)
        }
      }),
    )
  })

  test('a member that restarts leaves the others with what they had', () => {
    fc.assert(
      fc.property(counts, histories, fc.nat(100), (counts, history, which) => {
        const group = new Group(new Map(counts))
        for (const changes of history) for (const each of changes) group.change(each)
        const before = owners(group.assign())
        if (group.members.size === 1) return
        group.change({ kind: 'leave', which })
        group.assign()
        group.change({ kind: 'join', id: which })
        const after = owners(group.assign())
        const moved = [...after].filter(
          ([partition, owner]) =>
            group.members.has(before.get(partition)!) && before.get(partition) !== owner,
        )
        expect(moved).toEqual([])
      }),
    )
  })

  test('a member that was away does not take back what others took over', () => {
    fc.assert(
      fc.property(counts, histories, fc.nat(100), (counts, history, which) => {
        const group = new Group(new Map(counts))
        for (const changes of history) for (const each of changes) group.change(each)
        group.assign()
        const ids = [...group.members.keys()]
        const away = ids[which % ids.length]!
        if (ids.length === 1) return
        const claims = group.members.get(away)!
        group.members.delete(away)
        group.assign()
        group.members.set(away, [])
        const asNewcomer = assignSticky(group.counts, group.described())
        group.members.set(away, claims)
        expect(assignSticky(group.counts, group.described())).toEqual(asNewcomer)
      }),
    )
  })

  test('each topic alone is balanced, too, among members that begin together', () => {
    fc.assert(
      fc.property(counts, equalMembers, (counts, members) => {
        const assignment = assignSticky(
          counts,
          members.map((member) => ({ ...member, claims: [] })),
        )
        for (const topic of topics) expect(spread(sizes(assignment, topic))).toBeLessThanOrEqual(1)
      }),
    )
  })
})

describe('by example', () => {
  const member = (memberId: string, ...claims: Claim[]): StickyMember => ({
    memberId,
    topics: ['likes', 'partials'],
    claims,
  })
  const held = (generation: number, topic: string, ...partitions: number[]): Claim[] =>
    partitions.map((partition) => ({ topic, partition, generation }))
  const text = (assignment: Assignment, memberId: string) =>
    assignment.get(memberId)!.map(keyOfPartition).join(' ')

  test('a second worker gets half of each topic', () => {
    const all = [...held(1, 'likes', 0, 1, 2, 3), ...held(1, 'partials', 0, 1, 2, 3)]
    const counts = new Map([
      ['likes', 4],
      ['partials', 4],
    ])
    const assignment = assignSticky(counts, [member('a', ...all), member('b')])
    expect(text(assignment, 'a')).toBe('likes/0 likes/1 partials/0 partials/1')
    expect(text(assignment, 'b')).toBe('likes/2 likes/3 partials/2 partials/3')
  })

  test('a member with too many gives back what it acquired last', () => {
    const counts = new Map([['likes', 4]])
    const members = [member('a', ...held(7, 'likes', 0, 1), ...held(3, 'likes', 2, 3)), member('b')]
    expect(text(assignSticky(counts, members), 'b')).toBe('likes/0 likes/1')
  })

  test('of two who claim a partition the one that acquired it later keeps it', () => {
    const counts = new Map([['likes', 2]])
    const members = [
      member('a', ...held(4, 'likes', 0), ...held(9, 'likes', 1)),
      member('b', ...held(8, 'likes', 0)),
    ]
    const assignment = assignSticky(counts, members)
    expect([text(assignment, 'a'), text(assignment, 'b')]).toEqual(['likes/1', 'likes/0'])
  })
})
