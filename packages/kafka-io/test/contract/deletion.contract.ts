import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type KafkaPort, kafkaErrors } from './kafka-port.js'
import { Owner } from './owner.js'

const { none, offsetOutOfRange, policyViolation } = kafkaErrors

/** What Kafka does when it is asked to delete records. */
export function deletionContract(port: () => KafkaPort): void {
  async function written(options: { compacted?: boolean } = {}) {
    const at = { topic: await port().createTopic(options), partition: 0 }
    const owner = await Owner.fence(port(), `id-${randomUUID()}`)
    for (const value of ['a', 'b', 'c']) await owner.write(at, value)
    await owner.commit()
    await expect.poll(() => port().offsets(at)).toEqual({ first: 0, lastStable: 4, end: 4 })
    return { at, owner }
  }

  describe('deleting records', () => {
    test('moves the beginning, and never back', async () => {
      const { at } = await written()
      expect(await port().deleteRecords(at, 2)).toMatchObject({ errorCode: none, first: 2 })
      expect(await port().deleteRecords(at, 1)).toMatchObject({ errorCode: none, first: 2 })
      expect(await port().readCommitted(at)).toEqual(['c'])
      expect(await port().readSettled(at)).toEqual(['c'])
      expect((await port().offsets(at)).first).toBe(2)
    })

    test('beyond the end is refused', async () => {
      const { at } = await written()
      expect((await port().deleteRecords(at, 5)).errorCode).toBe(offsetOutOfRange)
      expect((await port().offsets(at)).first).toBe(0)
    })

    test('is refused where a topic is only compacted', async () => {
      const { at } = await written({ compacted: true })
      expect((await port().deleteRecords(at, 2)).errorCode).toBe(policyViolation)
    })

    test('by the end of the log takes records of open transactions with it', async () => {
      const { at, owner } = await written()
      await owner.write(at, 'open')
      const { lastStable, end } = await port().offsets(at)
      expect([lastStable, end]).toEqual([4, 5])
      expect(await port().deleteRecords(at, end)).toMatchObject({ errorCode: none, first: 5 })
      expect((await owner.commit()).errorCode).toBe(none)
      await expect.poll(() => port().offsets(at)).toEqual({ first: 5, lastStable: 6, end: 6 })
      expect(await port().readCommitted(at)).toEqual([])
    })
  })
}
