import fc from 'fast-check'
import { AssignerProtocol } from 'kafkajs'
import { expect, test } from 'vitest'
import { decodeClaims, encodeClaims } from '../../src/group/member-claims.js'
import { stickyAssigner } from '../../src/group/sticky-assigner.js'
import type { Claim } from '../../src/group/sticky-assignment.js'

const claims = fc.array(
  fc.record<Claim>({
    topic: fc.constantFrom('likes', 'naïve', ''),
    partition: fc.nat(2 ** 31 - 1),
    generation: fc.nat(2 ** 31 - 1),
  }),
)
const byText = (all: Claim[]) => all.map((each) => JSON.stringify(each)).sort()

test('claims are read as they were written', () => {
  fc.assert(
    fc.property(claims, (written) => {
      expect(byText(decodeClaims(encodeClaims(written)))).toEqual(byText(written))
    }),
  )
})

test('user data that is cut short, or of another format, claims nothing', () => {
  const data = encodeClaims([
    { topic: 'likes', partition: 3, generation: 300 },
    { topic: 'partials', partition: 1, generation: 2 },
  ])
  for (let length = 0; length < data.length; length++) {
    expect(decodeClaims(data.subarray(0, length))).toEqual([])
  }
  expect(decodeClaims(Buffer.from([2, ...data.subarray(1)]))).toEqual([])
})

test('any bytes are taken for user data without an error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      expect(decodeClaims(Buffer.from([1, ...bytes]))).toBeInstanceOf(Array)
    }),
  )
})

test('a leader shares out topics that only others subscribe to, among members that it does not understand', async () => {
  const { MemberMetadata, MemberAssignment } = AssignerProtocol
  const asked: string[][] = []
  const assigner = stickyAssigner({
    claims: () => [{ topic: 'likes', partition: 1, generation: 4 }],
    partitionCounts: async (topics) => {
      asked.push([...topics])
      return new Map([['partials', 2]])
    },
  })({
    // As much of a cluster as it uses.
    cluster: {
      findTopicPartitionMetadata: (topic: string) => (topic === 'likes' ? [{}, {}] : []),
    } as never,
    groupId: 'g',
    logger: undefined as never,
  })
  const own = assigner.protocol({ topics: ['likes'] })
  const metadata = (topics: string[]) =>
    MemberMetadata.encode({ version: 1, topics, userData: Buffer.from('nothing of ours') })
  const assigned = await assigner.assign({
    members: [
      { memberId: 'foreign', memberMetadata: metadata(['likes']) },
      { memberId: 'garbage', memberMetadata: Buffer.from([0]) },
      { memberId: 'own', memberMetadata: own.metadata },
      { memberId: 'merger', memberMetadata: metadata(['partials', 'missing']) },
    ],
    topics: ['likes'],
  })
  expect(own.name).toBe('card-sticky')
  expect(asked).toEqual([['partials', 'missing']])
  const shares = assigned.map(({ memberId, memberAssignment }) => [
    memberId,
    { ...MemberAssignment.decode(memberAssignment)!.assignment },
  ])
  expect(Object.fromEntries(shares)).toEqual({
    foreign: { likes: [0] },
    garbage: {},
    own: { likes: [1] },
    merger: { partials: [0, 1] },
  })
})
