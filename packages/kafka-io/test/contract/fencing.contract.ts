import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { KafkaPort } from './kafka-port.js'
import { brokerSettings, kafkaErrors } from './kafka-port.js'
import { Owner, settled } from './owner.js'

const { none, invalidProducerEpoch, invalidTransactionState, invalidProducerIdMapping, producerFenced } =
  kafkaErrors

/** What Kafka does when an owner is taken for dead. */
export function fencingContract(port: () => KafkaPort): void {
  const newId = () => `id-${randomUUID()}`
  const newPartition = async () => ({ topic: await port().createTopic(), partition: 0 })

  describe('fencing', () => {
    test('refuses what a zombie writes and commits, whenever it wakes', async () => {
      const [at, id] = [await newPartition(), newId()]
      const zombie = await Owner.fence(port(), id)
      expect((await zombie.write(at, 'of the zombie')).errorCode).toBe(none)
      const heir = await Owner.fence(port(), id)
      expect((await zombie.commit()).errorCode).toBe(producerFenced)
      expect([invalidProducerEpoch, producerFenced]).toContain((await zombie.write(at, 'later')).errorCode)
      expect((await heir.write(at, 'of the heir')).errorCode).toBe(none)
      expect((await heir.commit()).errorCode).toBe(none)
      expect((await zombie.abort()).errorCode).toBe(producerFenced)
      await expect.poll(() => port().readCommitted(at)).toEqual(['of the heir'])
    })

    test('has ended what was open when it is answered, so the heir reads everything that was committed', async () => {
      const [at, id] = [await newPartition(), newId()]
      const old = await Owner.fence(port(), id)
      await old.write(at, 'committed')
      await old.commit()
      await old.write(at, 'open')
      await Owner.fence(port(), id)
      expect(await port().readSettled(at)).toEqual(['committed'])
      const { lastStable, end } = await port().offsets(at)
      expect(lastStable).toBe(end)
    })

    test('by turns lets each of two owners commit only what it writes before the other fences', async () => {
      const [at, id] = [await newPartition(), newId()]
      let [one, other] = [await Owner.fence(port(), id), await Owner.fence(port(), id)]
      for (let turn = 0; turn < 4; turn++) {
        expect((await one.write(at, `refused ${turn}`)).errorCode).not.toBe(none)
        expect((await other.write(at, `${turn}`)).errorCode).toBe(none)
        expect((await other.commit()).errorCode).toBe(none)
        one = await Owner.fence(port(), id)
        expect((await other.commit()).errorCode).not.toBe(none)
        ;[one, other] = [other, one]
      }
      await expect.poll(() => port().readCommitted(at)).toEqual(['0', '1', '2', '3'])
    })

    test('that comes late, of an owner that no longer is one, costs the owner a new fencing and nothing else', async () => {
      const [at, id] = [await newPartition(), newId()]
      const owner = await Owner.fence(port(), id)
      await owner.write(at, 'lost with its transaction')
      await Owner.fence(port(), id)
      expect((await owner.commit()).errorCode).toBe(producerFenced)
      const again = await Owner.fence(port(), id)
      await again.write(at, 'written again')
      expect((await again.commit()).errorCode).toBe(none)
      await expect.poll(() => port().readCommitted(at)).toEqual(['written again'])
    })

    test('with an identity that is over is refused, and takes nothing from who has the id', async () => {
      const [at, id] = [await newPartition(), newId()]
      const old = await Owner.fence(port(), id)
      const heir = await Owner.fence(port(), id)
      const { errorCode } = await port().fence(id, 30_000, old.identity)
      expect([invalidProducerEpoch, producerFenced]).toContain(errorCode)
      expect((await heir.write(at, 'goes on')).errorCode).toBe(none)
      expect((await heir.commit()).errorCode).toBe(none)
    })
  })

  describe('the broker', () => {
    test('aborts a transaction that is open beyond its timeout, and refuses its commit', async () => {
      const [at, id] = [await newPartition(), newId()]
      const owner = await Owner.fence(port(), id, 1000)
      await owner.write(at, 'too slow')
      await expect
        .poll(
          async () => {
            const { lastStable, end } = await port().offsets(at)
            return end === 2 && lastStable === end
          },
          { timeout: 10_000 },
        )
        .toBe(true)
      const commit = (await owner.commit()).errorCode
      expect([invalidProducerEpoch, invalidTransactionState, producerFenced]).toContain(commit)
      expect((await owner.write(at, 'later')).errorCode).not.toBe(none)
      expect(await port().readCommitted(at)).toEqual([])
    })

    test(`forgets an id that is idle for ${brokerSettings['transactional.id.expiration.ms']} ms, and gives it a new producer`, async () => {
      const [at, id] = [await newPartition(), newId()]
      const owner = await Owner.fence(port(), id)
      await owner.write(at, 'kept')
      await owner.commit()
      // Each question keeps the id alive while it is known: so they are far apart.
      await expect
        .poll(async () => (await owner.abort()).errorCode, { timeout: 30_000, interval: 3000 })
        .toBe(invalidProducerIdMapping)
      expect((await owner.write(at, 'of a forgotten id')).errorCode).not.toBe(none)
      const heir = await Owner.fence(port(), id)
      expect(heir.identity.producerId).not.toBe(owner.identity.producerId)
      await heir.write(at, 'new')
      expect((await heir.commit()).errorCode).toBe(none)
      expect((await settled(() => port().end(id, owner.identity, 'commit'))).errorCode).not.toBe(none)
      await expect.poll(() => port().readCommitted(at)).toEqual(['kept', 'new'])
    })
  })
}
