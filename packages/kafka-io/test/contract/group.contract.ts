import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type GroupPlace, type KafkaPort, kafkaErrors } from './kafka-port.js'
import { Owner } from './owner.js'

const { none, illegalGeneration, unknownMemberId, rebalanceInProgress } = kafkaErrors

/** What Kafka's coordinator of a group says to its members. */
export function groupContract(port: () => KafkaPort): void {
  const newGroup = () => `g-${randomUUID()}`
  const beat = async (place: GroupPlace) => (await port().heartbeat(place)).errorCode

  async function joined(group: string, sessionTimeout = 30_000): Promise<GroupPlace> {
    const { leader, errorCode, ...place } = await port().join(group, sessionTimeout)
    expect([errorCode, leader]).toEqual([none, true])
    expect((await port().sync(place, leader)).errorCode).toBe(none)
    return place
  }

  describe('a heartbeat', () => {
    test('is accepted in the generation of the member, and refused in others', async () => {
      const place = await joined(newGroup())
      expect(await beat(place)).toBe(none)
      expect(await beat({ ...place, generation: place.generation - 1 })).toBe(illegalGeneration)
      expect(await beat({ ...place, generation: place.generation + 1 })).toBe(illegalGeneration)
      expect(await beat({ ...place, memberId: 'somebody' })).toBe(unknownMemberId)
    })

    test('tells of a rebalance while it lasts; then the generation is over', async () => {
      const group = newGroup()
      const first = await joined(group)
      const second = port().join(group, 30_000)
      await expect.poll(() => beat(first)).toBe(rebalanceInProgress)
      const again = await port().join(group, 30_000, first.memberId)
      const other = await second
      expect([again.errorCode, other.errorCode]).toEqual([none, none])
      expect(other.generation).toBe(again.generation)
      expect(again.generation).toBeGreaterThan(first.generation)
      // Before the leader has shared anything out, the new generation is the one that counts.
      expect(await beat(first)).toBe(illegalGeneration)
      expect(await beat(again)).toBe(none)
      const follower = port().sync(other, other.leader)
      await port().sync(again, again.leader)
      expect((await follower).errorCode).toBe(none)
      expect([await beat(again), await beat(other), await beat(first)]).toEqual([
        none,
        none,
        illegalGeneration,
      ])
    })

    test('does not bring back a member that was silent for its session', async () => {
      const group = newGroup()
      const silent = await joined(group, 1000)
      const heir = await port().join(group, 30_000)
      expect(heir.errorCode).toBe(none)
      expect(heir.generation).toBeGreaterThan(silent.generation)
      expect(await beat(silent)).toBe(unknownMemberId)
    })
  })

  test('an owner whose own transaction timed out is still a member, and goes on after a new fencing', async () => {
    const at = { topic: await port().createTopic(), partition: 0 }
    const [place, id] = [await joined(newGroup()), `id-${randomUUID()}`]
    const owner = await Owner.fence(port(), id, 1000)
    await owner.write(at, 'too slow')
    await expect.poll(async () => (await port().offsets(at)).lastStable, { timeout: 10_000 }).toBe(2)
    expect((await owner.commit()).errorCode).not.toBe(none)
    expect(await beat(place)).toBe(none)
    const again = await Owner.fence(port(), id)
    expect((await again.write(at, 'in time')).errorCode).toBe(none)
    expect((await again.commit()).errorCode).toBe(none)
    await expect.poll(() => port().readCommitted(at)).toEqual(['in time'])
  })
}
